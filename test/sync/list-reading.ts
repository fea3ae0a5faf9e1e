import {setImmediate, setTimeout} from 'node:timers/promises';
import test from 'ava';
import {AppError, isAppError} from '../../source/base/errors.js';
import type {ListedList} from '../../source/plex/normalize/lists.js';
import type {ListPage, PlexClient} from '../../source/plex/types.js';
import {readAhead, readMembersOf} from '../../source/sync/list-reading.js';

const lists = Array.from({length: 30}, (_, index) => {
	const listed: Pick<ListedList, 'ratingKey'> = {ratingKey: String(index)};
	return {listed};
});

/**
A server that answers only when told, and then the last question first.
*/
const slowServer = () => {
	const waiting: Array<{ratingKey: string; answer: (page: ListPage) => void; refuse: (error: AppError) => void}> = [];
	let asked = 0;
	const list: PlexClient['list'] = async ({of}) => new Promise((resolve, reject) => {
		asked++;
		waiting.push({ratingKey: (of as {ratingKey: string}).ratingKey, answer: resolve, refuse: reject});
	});
	return {reading: {plex: {list}, signal: new AbortController().signal}, waiting, asked: () => asked};
};

const answerLastFirst = ({waiting}: ReturnType<typeof slowServer>) => {
	for (const {ratingKey, answer} of waiting.splice(0).toReversed()) {
		answer({rows: [{ratingKey: `${ratingKey}0`}], total: 1, serverSeconds: undefined});
	}
};

const refuseAll = ({waiting}: ReturnType<typeof slowServer>) => {
	for (const {refuse} of waiting.splice(0)) {
		refuse(new AppError('unauthorized', 'The token is refused.'));
	}
};

test('the members of several lists are asked for at a time, and come in the order of the lists', async t => {
	const server = slowServer();
	const timer = setInterval(() => {
		answerLastFirst(server);
	}, 1);
	let most = 0;
	const found: Array<[string, unknown]> = [];
	for await (const {listed, keys} of readMembersOf(server.reading, 'collection', lists, {isDue: ({listed}) => listed.ratingKey !== '7', ahead: undefined})) {
		most = Math.max(most, server.asked() - found.length);
		found.push([listed.ratingKey, keys]);
	}

	clearInterval(timer);
	t.deepEqual(found, lists.map(({listed: {ratingKey}}) => [ratingKey, ratingKey === '7' ? undefined : [`${ratingKey}0`]]));
	t.true(most > 4 && most <= 16, String(most));
});

test('whoever stops at one asks for no more of the later ones', async t => {
	const server = slowServer();
	const members = readMembersOf(server.reading, 'collection', lists, {isDue: () => true, ahead: undefined});
	const first = members.next();
	await setImmediate();
	refuseAll(server);
	const answer = await first;
	t.true(answer.done === false && isAppError(answer.value.keys, 'unauthorized'));
	await members.return(undefined);
	const asked = server.asked();
	t.true(asked < 20, String(asked));
	refuseAll(server);
	await setTimeout(20);
	t.is(server.asked(), asked);
});

test('what was asked for ahead is not asked for again, and nothing more is asked for after a stop', async t => {
	const server = slowServer();
	const ahead = readAhead(server.reading, 'collection', {lists: 'collection', sectionKey: '1'});
	await setImmediate();
	for (const {answer} of server.waiting.splice(0)) {
		answer({rows: lists.map(({listed}) => ({...listed, title: listed.ratingKey})), total: lists.length, serverSeconds: undefined});
	}

	t.is((await ahead.listing)!.lists.length, lists.length);
	answerLastFirst(server);
	const found: unknown[] = [];
	for await (const {keys} of readMembersOf(server.reading, 'collection', lists.slice(0, 3), {isDue: () => true, ahead})) {
		found.push(keys);
		ahead.stop();
	}

	t.deepEqual(found, [['00'], ['10'], ['20']]);
	await setTimeout(20);
	t.true(server.asked() < 20, String(server.asked()));
});
