import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {createListeners, createObservable} from '../../source/base/observable.js';

type Message = {type: 'news' | 'answer'};

const open = (newsMs: number) => {
	const told: number[] = [];
	const observable = createObservable(0, (count: number, _: Message) => count + 1, {intervalMs: 0, isNews: ({type}) => type === 'news', newsMs});
	observable.subscribe(() => {
		told.push(observable.get());
	});
	return {observable, told};
};

test('a burst of news is told once, later; the state is the newest at once', async t => {
	const {observable, told} = open(20);
	for (let count = 0; count < 5; count++) {
		observable.dispatch({type: 'news'});
	}

	t.is(observable.get(), 5);
	t.deepEqual(told, []);
	await sleep(200);
	t.deepEqual(told, [5]);
	observable.dispatch({type: 'news'});
	await sleep(200);
	t.deepEqual(told, [5, 6]);
});

test('an answer does not wait for news, and tells what news came before it', async t => {
	const {observable, told} = open(20);
	observable.dispatch({type: 'news'});
	observable.dispatch({type: 'answer'});
	t.deepEqual(told, [2]);
	await sleep(200);
	t.deepEqual(told, [2]);
});

test('flushing tells the news that is waiting, and nothing when there is none', t => {
	const {observable, told} = open(60_000);
	observable.dispatch({type: 'answer'});
	observable.flush();
	t.deepEqual(told, [1]);
	observable.dispatch({type: 'news'});
	t.deepEqual(told, [1]);
	observable.flush();
	observable.flush();
	t.deepEqual(told, [1, 2]);
});

test('each listener is told of each value until it is taken out', t => {
	const told: string[] = [];
	const {tell, subscribe} = createListeners<number>();
	const unsubscribe = subscribe(value => {
		told.push(`first ${value}`);
	});
	subscribe(value => {
		told.push(`second ${value}`);
	});
	tell(1);
	unsubscribe();
	tell(2);
	t.deepEqual(told, ['first 1', 'second 1', 'second 2']);
});
