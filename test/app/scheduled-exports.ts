import process from 'node:process';
import test from 'ava';
import {createScheduledExports, openSessionExports} from '../../source/app/scheduled-exports.js';
import {AppError} from '../../source/base/errors.js';
import type {Session} from '../../source/app/session.js';
import type {ExportProfile} from '../../source/catalog/export-profile.js';
import {createVirtualClock} from '../helpers/virtual-clock.js';

const hourMs = 3_600_000;

const profile = (name: string, every?: string): ExportProfile => ({
	name, format: 'csv', output: `/exports/${name}.csv`, ...every !== undefined && {every},
});

const openWorld = (profiles: ExportProfile[]) => {
	const clock = createVirtualClock('2026-03-01T12:00:00Z');
	const files = new Map<string, Date>();
	const faults = new Map<string, string>();
	const made: string[] = [];
	const notes: string[] = [];
	const exports = createScheduledExports({
		profiles: () => profiles,
		writtenAt: async file => files.get(file),
		async make(name) {
			made.push(name);
			if (!faults.has(name)) {
				files.set(`/exports/${name}.csv`, clock.now());
			}

			return faults.get(name);
		},
		timeZone: () => 'UTC',
		clock,
		onNote(level, text) {
			notes.push(`${level}: ${text}`);
		},
	});
	const look = async () => {
		exports.look();
		await exports.idle();
		return made.splice(0);
	};

	return {
		clock, files, faults, notes, exports, look,
	};
};

test('an export is made when its file is not there, and again when the file is older than its rhythm', async t => {
	const {clock, files, notes, look} = openWorld([profile('daily', '1d'), profile('by-hand'), profile('morning', '0 5 * * *')]);
	t.deepEqual(await look(), ['daily', 'morning']);
	t.deepEqual(notes, ['info: The saved export daily was made: /exports/daily.csv', 'info: The saved export morning was made: /exports/morning.csv']);
	t.deepEqual(await look(), []);
	await clock.advance(17.1 * hourMs);
	t.deepEqual(await look(), ['morning'], 'It is five in the morning.');
	await clock.advance(7 * hourMs);
	t.deepEqual(await look(), ['daily']);
	files.delete('/exports/morning.csv');
	t.deepEqual(await look(), ['morning'], 'Somebody took it away.');
});

test('a folder whose time does not change is not made again before its rhythm', async t => {
	const {clock, files, look} = openWorld([profile('kodi', '1d')]);
	t.deepEqual(await look(), ['kodi']);
	await clock.advance(25 * hourMs);
	files.set('/exports/kodi.csv', new Date('2026-03-01T12:00:00Z'));
	t.deepEqual(await look(), ['kodi']);
	files.set('/exports/kodi.csv', new Date('2026-03-01T12:00:00Z'));
	t.deepEqual(await look(), []);
	await clock.advance(25 * hourMs);
	t.deepEqual(await look(), ['kodi']);
});

test('an export on a file server whose clock is ahead is not made at every look', async t => {
	const {clock, files, look} = openWorld([profile('daily', '1d')]);
	t.deepEqual(await look(), ['daily']);
	files.set('/exports/daily.csv', new Date('2026-03-01T12:05:00Z'));
	t.deepEqual(await look(), []);
	await clock.advance(25 * hourMs);
	t.deepEqual(await look(), ['daily']);
});

test('settings that cannot be read are told once, and the daemon goes on', async t => {
	const notes: string[] = [];
	const exports = createScheduledExports({
		profiles() {
			throw new AppError('usage', 'settings.json cannot be read.');
		},
		writtenAt: async () => undefined,
		make: async () => undefined,
		timeZone: () => 'UTC',
		clock: createVirtualClock(),
		onNote(_, text) {
			notes.push(text);
		},
	});
	for (let time = 0; time < 2; time++) {
		exports.look();
		await exports.idle();
	}

	t.deepEqual(notes, ['The saved exports could not be read: settings.json cannot be read.']);
});

test('an export that is saved while the daemon runs is made at the next look', async t => {
	const profiles: ExportProfile[] = [];
	const {look} = openWorld(profiles);
	t.deepEqual(await look(), []);
	profiles.push(profile('new', '7d'));
	t.deepEqual(await look(), ['new']);
});

test('a failure is told once and tried again after an hour, and stops no other export', async t => {
	const {clock, faults, notes, look} = openWorld([profile('broken', '1d'), profile('good', '1d')]);
	faults.set('broken', 'There is no folder /exports.');
	t.deepEqual(await look(), ['broken', 'good']);
	t.deepEqual(await look(), []);
	await clock.advance(hourMs);
	t.deepEqual(await look(), ['broken']);
	t.is(notes.filter(note => note === 'warn: The saved export broken was not made: There is no folder /exports.').length, 1);
	faults.clear();
	await clock.advance(hourMs);
	t.deepEqual(await look(), ['broken']);
	t.is(notes.at(-1), 'info: The saved export broken was made: /exports/broken.csv');
});

test('a rhythm that somebody wrote wrongly into the settings is told, and an aborted export says nothing', async t => {
	const wrong = openWorld([profile('wrong', 'now and then')]);
	t.deepEqual(await wrong.look(), []);
	t.regex(wrong.notes[0]!, /^warn: The saved export wrong was not made: exports\.wrong\.every does not understand/v);
	const ended = openWorld([profile('daily', '1d')]);
	ended.faults.set('daily', 'Its process was ended.');
	ended.exports.look();
	await ended.exports.close();
	t.deepEqual(ended.notes, []);
});

test('the error of an export is told without what the export said before, and so is a program that cannot be started', async t => {
	const told = async (program: readonly string[], env: NodeJS.ProcessEnv = {}) => {
		const notes: string[] = [];
		const session = {
			settings: () => ({exportProfiles: () => [profile('daily', '1d')], watch: () => undefined}),
			isDemo: () => false,
		} as unknown as Session;
		const exports = openSessionExports(session, {
			program: () => program,
			options: ['--server', 'Attic'],
			env: {PATH: process.env['PATH'], ...env},
			clock: createVirtualClock(),
			onNote(_, text) {
				notes.push(text);
			},
		});
		exports.look();
		await exports.idle();
		return notes;
	};

	const script = 'console.error("2 items left out."); console.error("reelcat: There is no folder. " + process.argv.slice(1).join(" ")); process.exit(8)';
	t.deepEqual(await told([process.execPath, '-e', script, '--']), ['The saved export daily was not made: There is no folder. export --profile daily --server Attic']);
	t.deepEqual(await told([process.execPath, '-e', 'process.exit(3)']), ['The saved export daily was not made: It ended with 3.']);
	const shut = [process.execPath, '-e', 'console.error("reelcat: /srv/page.html could not be written (EROFS)."); process.exit(8)'];
	t.deepEqual(await told(shut), ['The saved export daily was not made: /srv/page.html could not be written (EROFS).']);
	t.deepEqual(await told(shut, {INVOCATION_ID: '0123'}), ['The saved export daily was not made: /srv/page.html could not be written (EROFS). "reelcat service install --now", done again, lets the service write there.']);
	t.deepEqual(await told(['/nonexistent/reelcat']), ['The saved export daily was not made: It could not be started (ENOENT).']);
});
