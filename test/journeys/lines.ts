import test from 'ava';
import fc from 'fast-check';
import {logText} from '../../source/log/log-entry.js';
import {
	alertNotice,
	digestNotice,
	importNotice,
	plainBody,
	plainTitle,
} from '../../source/watch/notify/notice.js';
import {digestChanges} from '../../source/watch/notify/digest.js';
import {added, removed} from '../helpers/events.js';
import {withHousehold} from '../helpers/household.js';
import {
	movieRow,
	serveRows,
	type AnyRow,
	type AnySection,
} from '../helpers/row-server.js';
import {runHere} from '../helpers/run-here.js';
import {makeItem} from '../query/_items.js';

/**
Everything that some program takes for the end of a line.
*/
const breaks = ['\n', '\r', '\r\n', '\u{B}', '\u{C}', '\u{1C}', '\u{1D}', '\u{1E}', '\u{85}', '\u{2028}', '\u{2029}', '\u{1B}E', '\u{1B}D'];
const lineBreak = new RegExp(breaks.filter(end => !end.startsWith('\u{1B}')).toSorted((left, right) => right.length - left.length).join('|'), 'v');
const forged = 'FORGED';
const hostile = (name: string) => `${name}${breaks.map(end => `${end}${forged}: 9 removed`).join('')}`;

const row = (key: string): AnyRow => {
	const name = hostile(`Movie ${key}`);
	return {
		...movieRow(key),
		title: name,
		titleSort: name,
		editionTitle: name,
		originalTitle: name,
		studio: name,
		contentRating: name,
		tagline: name,
		guid: `plex://movie/${name}`,
		...Object.fromEntries(['Genre', 'Collection', 'Label', 'Country', 'Director', 'Writer', 'Role'].map(kind => [kind, [{tag: name, role: name}]])),
		Media: [{
			id: Number(key), title: name, videoResolution: name, videoCodec: name, container: name, Part: [{
				id: Number(key), file: `/srv/${name}.mkv`, size: 1000, Stream: [2, 3].map(streamType => ({
					streamType, codec: name, language: name, title: name,
				})),
			}],
		}],
	};
};

test('no name of a server begins a line of any command', withHousehold, async (t, {home}) => {
	const rows = ['1', '2', '3', '4', '5', '6'].map(key => row(key));
	const section = (contentChangedAt: number, listed: readonly AnyRow[]): AnySection => ({
		key: '1', uuid: 'films', title: hostile('Films'), type: 'movie', agent: hostile('agent'), language: hostile('en'), contentChangedAt, rows: {1: [...listed, {...row('9'), type: hostile('odd')}]},
	});
	const sections = [section(1, rows)];
	const {env} = await serveRows(t, sections);
	const tried: string[] = [];
	const reelcat = async (...args: string[]) => {
		const {exitCode, stdout, stderr} = await runHere(home, args, {env});
		tried.push(args.join(' '));
		for (const text of `${stdout}\n${stderr}`.split(lineBreak)) {
			// `show` lets a value go on below itself, far from where lines begin.
			t.notRegex(text, /^ {0,8}FORGED/v, `${args.join(' ')}: ${text}`);
		}

		return {exitCode, stdout};
	};

	await reelcat('import', '--all', '--verbose');
	sections[0] = section(2, [...rows.slice(1), {...row('7'), year: 2020}]);
	await reelcat('sync', '--verbose');
	sections[0] = section(3, []);
	await reelcat('sync');
	const {stdout} = await reelcat('ls', '--json');
	const {items} = JSON.parse(stdout) as {items: Array<{id: string}>};
	const [first] = items;
	for (const args of [
		['ls'],
		['show', first!.id],
		['ls', '--library=nothing'],
		['libraries'],
		['diff', '--since', 'latest'],
		['diff', '--since', '2000-01-01'],
		['diff', first!.id],
		['lost'],
		['lost', '--held'],
		['lost', '--format', 'csv'],
		['lost', '--held', '--format', 'csv'],
		['runs'],
		['runs', 'latest'],
		['runs', 'latest', '--log'],
		['verify'],
		['verify', '--server'],
		['servers'],
		['jobs'],
		['status'],
		['doctor'],
		['accept', hostile('Films')],
		['accept', '--all'],
		[hostile('command')],
		['ls', `--library=${hostile('x')}`],
	]) {
		await reelcat(...args);
	}

	t.true(tried.length > 20);
});

const title = fc.tuple(fc.string({maxLength: 5}), fc.array(fc.tuple(fc.constantFrom(...breaks), fc.constantFrom(forged, '', 'x – S01E01')), {maxLength: 3})).map(([start, parts]) => `a${start}${parts.map(([end, text]) => end + text).join('')}`);

test('a notice and a line of the log have as many lines as with plain names, whatever the names are', t => {
	const now = new Date('2026-01-01T00:00:00Z');
	const told = (name: string) => {
		const events = [added('a', {title: name}), removed(makeItem('b', {title: name})), added('c', {title: `${name} – S01E01 ${name}`, type: 'episode'})];
		const digest = digestNotice(digestChanges(events, {libraryTitle: () => name}), {after: 1, upTo: 2, now});
		const alert = alertNotice({
			kind: 'sync-failing', subject: 'films', since: now.toISOString(), message: `${name} fails.`, hint: `Look at ${name}.`,
		}, false, now);
		const imported = importNotice({
			runId: 'r1', ok: false, cancelled: false, requests: 1, bytes: 1, durationMs: 1, libraries: [{
				id: 'films', title: name, expected: 2, imported: 0, unchanged: 0, failed: 2, skipped: 0, durationMs: 1, complete: false,
			}], errors: [{
				library: {id: 'films', title: name}, ratingKey: '1', title: name, stage: 'detail', code: 'malformed', message: name, hint: name,
			}],
		}, now)!;
		return [...[digest, alert, imported].flatMap(notice => [notice.title, notice.body, plainTitle(notice), plainBody(notice)]), logText({level: 'info', message: name}, now)];
	};

	const linesOf = (name: string) => told(name).map(text => text.split(lineBreak).length);
	const plain = linesOf('a');
	fc.assert(fc.property(title, name => {
		t.deepEqual(linesOf(name), plain);
	}));
});
