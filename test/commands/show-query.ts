import test from 'ava';
import {isQueryError} from '../../source/query/language/query-error.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem, makeLibrary, records} from '../query/_items.js';
import {commit} from './_past.js';

const store = async () => {
	const made = createMemoryStore();
	await made.load();
	const films = [
		makeItem('a1', {
			title: 'Alien', year: 1979, ratingKey: '1984', genres: ['tg'],
		}),
		makeItem('a2', {title: 'Aliens', year: 1986, ratingKey: '12'}),
		makeItem('a3', {title: '1984', year: 1956, summary: 'A grey city'}),
	];
	await commit(made, {libraries: [makeLibrary('films', 'Films'), makeLibrary('shows', 'Shows', 'show')], put: [...records.values(), ...films], events: []});
	return made;
};

const shown = async (...args: string[]) => {
	const {stdout} = await runCommand(await store(), ['show', ...args, '--json']);
	return (JSON.parse(stdout) as {title: string}).title;
};

test('show takes a query that finds one item, in one argument or several', async t => {
	t.is(await shown('aliens'), 'Aliens');
	t.is(await shown('alien', 'year:1979'), 'Alien');
	t.is(await shown('title:="alien"'), 'Alien');
	t.is(await shown('summary:grey'), '1984');
	t.is(await shown('type:movie sort:-year limit:1'), 'Aliens');
});

test('ids and ratingKeys come first, and a number alone is never a word', async t => {
	t.is(await shown('a2'), 'Aliens');
	t.is(await shown('1984'), 'Alien');
	t.is(await shown('title:1984'), '1984');
	const none = await t.throwsAsync<Error & {hint: string}>(shown('1956'), {code: 'not-found', message: 'There is no item 1956 in the catalogue.'});
	t.is(none?.hint, 'A number alone is a ratingKey; a title is asked for with "title:=1956".');
	t.is(await shown('title:=1984'), '1984');
	await t.throwsAsync(shown('i0123456789abcdef'), {code: 'not-found', message: 'There is no item i0123456789abcdef in the catalogue.'});
});

test('a query that finds several names the first ones, and one that finds nothing says so', async t => {
	const error = await t.throwsAsync<Error & {hint: string}>(shown('alien'), {code: 'usage', message: '2 items match.'});
	t.is(error?.hint, 'Name one of these ids, or ask for less (the whole title: title:=alien): a1 (movie Alien 1979), a2 (movie Aliens 1986).');
	const others = await t.throwsAsync<Error & {hint: string}>(shown('lie'), {message: '2 items match.'});
	t.regex(others.hint, /^Name one of these ids, or ask for less: a1/v);
	await t.throwsAsync(shown('year:1800'), {code: 'not-found', message: 'Nothing matches.'});
	await t.throwsAsync(shown('zardoz'), {code: 'not-found', message: 'There is no item zardoz in the catalogue.'});
	const wrong: unknown = await t.throwsAsync(shown('alien', 'gener:x'), {code: 'usage', message: 'There is no field gener; did you mean genre?'});
	t.deepEqual(isQueryError(wrong) ? wrong.span : undefined, {start: 6, end: 11});
	await t.throwsAsync(shown(), {code: 'usage', message: 'Name one item.'});
});
