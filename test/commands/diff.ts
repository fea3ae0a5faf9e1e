import test from 'ava';
import {changesJsonSchema, timelineJsonSchema} from '../../source/reports/changes/changes-json.js';
import {formatInstant} from '../../source/base/text/format.js';
import {displayWidth} from '../../source/base/text/width.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {
	added,
	changed,
	held,
	restored,
} from '../helpers/events.js';
import {runCommand} from '../helpers/run-command.js';
import {makeItem} from '../query/_items.js';
import {
	alien,
	brazil,
	commit,
	pastStore,
	run,
} from './_past.js';

const may = (day: number) => formatInstant(`2024-05-0${day}T10:00:00Z`);
const unaligned = (text: string) => text.trimEnd().split('\n').map(line => line.replaceAll(/(?<=\S) {2,}/gv, ' | '));

const shows = ['Shows: no changes', '  Its history has not begun yet.'];

test('diff tells by library what has changed, and what nobody can know', async t => {
	const {exitCode, stdout} = await runCommand(await pastStore(), ['diff', '--since', '2024-04-01']);
	t.is(exitCode, 0);
	t.deepEqual(unaligned(stdout), [
		'Films: 1 added, 1 upgraded, 1 removed, 1 watched',
		`  Nothing is known before ${may(1)}, its first import.`,
		`  reelcat did not look between ${may(1)} and ${may(3)}, so only the result is known for that time.`,
		'What | When | Title | Before → after | Id',
		`added | ${may(3)} | Cube | 720p; cube.mkv, 2.0 GB | cube`,
		`upgraded | ${may(3)} | Alien | resolution 1080p → 4K; files alien.mkv, 4.2 GB → alien-4k.mkv, 40.0 GB | alien`,
		`removed | ${may(5)} | Brazil | 1080p; brazil.mkv, 8.0 GB | brazil`,
		`watched | ${may(5)} | Alien | watched 0 → 1 | alien`,
		'',
		...shows,
	]);
});

test('a period has an end, and what is new in it is told as it was then', async t => {
	const store = await pastStore();
	const upTo = async (until: string) => unaligned((await runCommand(store, ['diff', '--library', 'films', '--since', '2024-05-02T10:00Z', '--until', until])).stdout);
	t.is((await upTo('2024-05-04T10:00Z'))[0], 'Films: 1 added, 1 upgraded');
	t.is((await upTo('2024-05-03T10:00Z'))[0], `No changes between ${may(2)} and ${may(3)}.`);
	await commit(store, {
		put: [{...alien, title: 'Aliens'}],
		events: [
			changed('edited', 'cube', [{versions: [{id: 'v', resolution: '720', parts: [{fileId: 'fc'}]}]}, {versions: []}], {at: '2024-05-06T10:00:00Z'}),
		],
	});
	t.true((await upTo('2024-05-04T10:00Z')).includes(`added | ${may(3)} | Cube | 720p; cube.mkv, 2.0 GB | cube`));
});

test('a run is named by the beginning of its id, or as the latest', async t => {
	const store = await pastStore();
	const latest = await runCommand(store, ['diff', '--since', 'latest']);
	t.is(unaligned(latest.stdout)[0], 'Films: 1 removed, 1 watched');
	t.is((await runCommand(store, ['diff', '--since', 'run2'])).stdout, latest.stdout);
	t.is((await runCommand(store, ['diff', '--since', 'run1-f'])).stdout, 'That run found no changes.\n');
	await t.throwsAsync(runCommand(store, ['diff', '--since', 'run']), {message: /2 runs have an id/v});
	await t.throwsAsync(runCommand(store, ['diff', '--since', 'x']), {message: /neither a moment nor/v});
	await t.throwsAsync(runCommand(store, ['diff', '--since', 'run2', '--until', '1d']), {message: /goes with a moment/v});
});

test('kinds and types are picked, and wrong ones are refused with what there is', async t => {
	const store = await pastStore();
	const first = async (...args: string[]) => unaligned((await runCommand(store, ['diff', '--since', '2024-04-01', ...args])).stdout)[0];
	t.is(await first('--kind', 'removed, watched'), 'Films: 1 removed, 1 watched');
	t.regex((await first('--type', 'episode'))!, /^No changes/v);
	await t.throwsAsync(runCommand(store, ['diff', '--kind', 'gone']), {code: 'usage', message: /no kind of change "gone"/v});
	await t.throwsAsync(runCommand(store, ['diff', '--type', 'film']), {code: 'usage'});
	await t.throwsAsync(runCommand(store, ['diff', '--until', '8d']), {message: /before --since/v});
	await t.throwsAsync(runCommand(store, ['diff', '--since', '9999-01-01']), {message: /in the future/v});
});

test('long lists are limited and say so', async t => {
	const store = await pastStore();
	const items = Array.from({length: 25}, (_, index) => makeItem(`n${index}`));
	await commit(store, {put: items, events: items.map(({id}) => added(id, {at: '2024-06-01T10:00:00Z', title: `New ${id}`}))});
	const lines = async (...args: string[]) => unaligned((await runCommand(store, ['diff', '--library', 'films', '--since', '2024-05-06', ...args])).stdout);
	t.is((await lines()).length, 23);
	t.regex((await lines()).at(-1)!, /and 5 more \(--limit\)/v);
	t.is((await lines('--limit', '30')).length, 27);
	const json = changesJsonSchema.parse(JSON.parse((await runCommand(store, ['diff', '--since', '2024-05-06', '--json'])).stdout));
	t.is(json.libraries[0]!.changes.length, 25);
});

test('removals that were held back are told', async t => {
	const store = await pastStore();
	await commit(store, {events: [held('films', 31, '2024-05-06T10:00:00Z')]});
	const {stdout} = await runCommand(store, ['diff', '--since', '2024-05-06']);
	t.regex(stdout, /the removal of 31 items was held back\. "reelcat lost --held"/v);
});

test('an item tells all that happened to it, newest first, even when it is gone', async t => {
	const store = await pastStore();
	t.deepEqual(unaligned((await runCommand(store, ['diff', 'alien'])).stdout), [
		'Alien (alien)',
		'When | What | Before → after | Run',
		`${may(5)} | watched | watched 0 → 1 | run2-second`,
		`${may(3)} | upgraded | resolution 1080p → 4K; files alien.mkv, 4.2 GB → alien-4k.mkv, 40.0 GB | run1`,
		`Nothing is known before ${may(1)}.`,
	]);
	t.regex((await runCommand(store, ['diff', 'brazil'])).stdout, /removed +1080p; brazil\.mkv/v);
	await commit(store, {put: [makeItem('quiet', {title: 'Quiet', libraryId: 'shows'})]});
	t.is((await runCommand(store, ['diff', 'quiet'])).stdout, 'Quiet (quiet)\nNothing has happened to it.\nThe history of its library has not begun yet.\n');
	await t.throwsAsync(runCommand(store, ['diff', 'i0123456789abcdef']), {code: 'not-found'});
});

test('what a terminal has no room for is named', async t => {
	const store = await pastStore();
	const before = {
		title: 'Alien', year: 1978, studios: ['A'], tagline: 'Old', summary: 'Old',
	};
	const after = {
		title: 'Aliens', year: 1986, studios: ['B'], tagline: 'New', summary: 'New',
	};
	await commit(store, {events: [changed('edited', 'alien', [before, after], {at: '2024-05-07T10:00:00Z', title: 'Aliens'})]});
	const lines = async (columns: number | undefined, ...args: string[]) => unaligned((await runCommand(store, ['diff', ...args], {columns})).stdout);
	const whole = await lines(undefined, '--since', '2024-05-06', '--library', 'films');
	t.is(whole[2], `edited | ${may(7)} | Aliens | title Alien → Aliens; year 1978 → 1986; tagline Old → New; summary Old → New; studios A → B | alien`);
	t.is(whole.length, 3);
	const narrow = await lines(60, '--since', '2024-05-06', '--library', 'films');
	t.regex(narrow[2]!, /^edited .* title Alien → A… \+4 \| alien$/v);
	t.regex(narrow[3]!, /"reelcat diff ID"/v);
	const narrowest = await lines(40, '--since', '2024-05-06', '--library', 'films');
	t.regex(narrowest.join(' '), /No room for Before → after, Id: a wider terminal or a file has them\./v);

	t.deepEqual((await lines(70, 'alien')).slice(2, 7).map(line => line.replace(/ {2,}/v, '')), [
		`${may(7)} | edited | title Alien → Aliens | run1`, 'year 1978 → 1986', 'tagline Old → New', 'summary Old → New', 'studios A → B',
	]);
	t.regex((await lines(undefined, 'alien'))[2]!, /title Alien → Aliens; year .*; studios A → B/v);
});

test('what came back is told with its reason, where something differs', async t => {
	const store = await pastStore();
	await commit(store, {
		put: [{...brazil, title: 'Brazil!'}],
		remove: ['xbrazil'],
		events: [restored('brazil', {at: '2024-05-07T10:00:00Z', title: 'Brazil!', reason: 'by its guid'})],
	});
	const {stdout} = await runCommand(store, ['diff', '--library', 'films', '--since', '2024-05-04']);
	t.is(unaligned(stdout)[2], `restored | ${may(7)} | Brazil! | title Brazil → Brazil! (by its guid) | brazil`);
});

test('both JSON objects are as documented', async t => {
	const store = await pastStore();
	const json = async (...args: string[]): Promise<unknown> => JSON.parse((await runCommand(store, ['diff', ...args, '--json'])).stdout);
	const changes = changesJsonSchema.parse(await json('--since', '2024-05-02T10:00:00Z', '--until', '2024-05-04T10:00:00Z'));
	t.deepEqual(changes, {
		schema: 1,
		since: '2024-05-02T10:00:00Z',
		until: '2024-05-04T10:00:00Z',
		libraries: [
			{
				id: 'films',
				title: 'Films',
				serverId: 'server',
				server: 'Attic',
				counts: {added: 1, upgraded: 1},
				notes: [{
					kind: 'gap', at: '2024-05-03T10:00:00Z', from: '2024-05-01T10:00:00Z', to: '2024-05-03T10:00:00Z',
				}],
				changes: [
					{
						kind: 'added',
						at: '2024-05-03T10:00:00Z',
						runId: 'run1',
						fields: [{name: 'resolution', after: '720p'}, {name: 'files', after: 'cube.mkv, 2.0 GB'}, {name: 'folder', after: '/films'}],
						itemId: 'cube',
						type: 'movie',
						title: 'Cube',
					},
					{
						kind: 'upgraded',
						at: '2024-05-03T10:00:00Z',
						runId: 'run1',
						fields: [{name: 'resolution', before: '1080p', after: '4K'}, {name: 'files', before: 'alien.mkv, 4.2 GB', after: 'alien-4k.mkv, 40.0 GB'}],
						itemId: 'alien',
						type: 'movie',
						title: 'Alien',
					},
				],
			},
			{
				id: 'shows', title: 'Shows', serverId: 'server', server: 'Attic', counts: {}, notes: [{kind: 'unknown'}], changes: [],
			},
		],
	});
	t.deepEqual(await json('--since', '2024-05-02T10:00:00Z', '--until', '2024-05-04T10:00:00Z'), changes);
	const timeline = await json('alien');
	t.deepEqual(timelineJsonSchema.parse(timeline), timeline);
	t.like(timeline, {itemId: 'alien', events: [{kind: 'watched'}, {kind: 'upgraded'}]});
	await commit(store, {put: [run('run3', '2024-05-08T10:00:00Z')]});
	t.like(await json('--since', 'latest'), {run: 'run3', libraries: []});
});

test('hostile titles are cleaned, and a terminal gets lines that fit', async t => {
	const store = await pastStore();
	await commit(store, {
		events: [
			changed('edited', 'alien', [{title: 'Alien', summary: 'x'.repeat(500)}, {title: 'A\u{1B}[2Jlien\n', summary: 'y'.repeat(500)}], {
				at: '2024-05-07T10:00:00Z', title: 'A\u{1B}[2Jlien\n', reason: '\u{1B}]0;owned\u{7}',
			}),
		],
	});
	const {stdout} = await runCommand(store, ['diff', '--since', '2024-05-06', '--library', 'films'], {columns: 80});
	t.notRegex(stdout, /[\p{Control}--\n]/v);
	t.deepEqual(stdout.split('\n').filter(line => displayWidth(line) > 80), []);
});

test('diff of a catalogue without a library says that nothing is known', async t => {
	const store = createMemoryStore();
	await store.load();
	const {exitCode, stdout} = await runCommand(store, ['diff']);
	t.is(exitCode, 0);
	t.is(stdout, 'The catalogue has no library, so no changes are known.\n');
});
