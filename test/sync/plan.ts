import test from 'ava';
import fc from 'fast-check';
import type {Library, SyncState} from '../../source/catalog/types.js';
import type {Section} from '../../source/plex/types.js';
import {
	auditShare,
	dayOf,
	defaultPace,
	paceOf,
	planLibrary,
	type PlanOptions,
} from '../../source/sync/plan.js';

const hourMs = 3_600_000;
const now = new Date('2026-03-10T12:00:00Z');

const section: Section = {
	id: 'films',
	uuid: 'films',
	key: '1',
	title: 'Films',
	type: 'movie',
	agent: undefined,
	language: undefined,
	locations: [],
	isRefreshing: false,
	contentChangedAt: '8457612157633039800',
	scannedAt: '1750000000',
	updatedAt: '1740000000',
};

const ago = (ms: number) => `${new Date(now.getTime() - ms).toISOString().slice(0, 19)}Z`;

const library = (changes: Partial<SyncState> = {}): Library => ({
	id: 'films',
	serverId: 'server',
	key: '1',
	title: 'Films',
	type: 'movie',
	locations: [],
	counts: {
		movie: 1, show: 0, season: 0, episode: 0,
	},
	sync: {
		stamps: {contentChangedAt: '8457612157633039800', scannedAt: '1750000000', updatedAt: '1740000000'},
		cursorSeconds: 1_750_000_500,
		lookedAt: ago(60_000),
		sweptAt: ago(60_000),
		fullAt: ago(60_000),
		auditedDay: dayOf(now),
		viewer: 'me',
		...changes,
	},
});

const plan = (known: Library | undefined, changes: Partial<Section> = {}, options: Partial<PlanOptions> = {}) => planLibrary(known, {...section, ...changes}, {
	pace: defaultPace, now, isFull: false, viewer: 'me', ...options,
});

test('a library that was never imported completely is imported', t => {
	t.is(plan(undefined).mode, 'import');
	const {sync: _, ...never} = library();
	t.is(plan(never).mode, 'import');
});

test('equal stamps and a recent look cost nothing', t => {
	t.is(plan(library()).mode, 'skip');
});

test('any stamp that differs brings a sweep, also one that runs backwards', t => {
	t.is(plan(library(), {contentChangedAt: '8457612157633039801'}).mode, 'sweep');
	t.is(plan(library(), {contentChangedAt: '5'}).mode, 'sweep');
	t.is(plan(library(), {scannedAt: '1750000001'}).mode, 'sweep');
	t.is(plan(library(), {updatedAt: '1'}).mode, 'sweep');
	t.is(plan(library(), {contentChangedAt: undefined}).mode, 'sweep');
	t.is(plan(library({stamps: {}})).mode, 'sweep');
});

test('what no stamp shows is asked for in time: moved rows after an hour, all rows after a day, full rows after a week', t => {
	t.is(plan(library({lookedAt: ago(hourMs)})).mode, 'look');
	t.is(plan(library({sweptAt: ago(24 * hourMs)})).mode, 'sweep');
	t.is(plan(library({fullAt: ago(7 * 24 * hourMs)})).mode, 'full');
	t.is(plan(library({fullAt: ago(2 * 24 * hourMs)}), {}, {pace: paceOf(2)}).mode, 'full');
	t.is(plan(library({fullAt: ago(2 * 24 * hourMs)}), {}, {pace: paceOf(undefined)}).mode, 'skip');
});

test('a clock that was set back puts nothing off', t => {
	t.is(plan(library({fullAt: ago(-400 * 24 * hourMs)})).mode, 'full');
});

test('another user, a full sync on demand, and a library that is back are no reason to trust the stamps', t => {
	t.is(plan(library(), {}, {viewer: 'someone'}).mode, 'sweep');
	t.is(plan(library(), {}, {isFull: true}).mode, 'full');
	t.is(plan(library({goneSince: ago(hourMs)})).mode, 'full');
});

test('the cursor is the server\'s time less an overlap, whatever the local clock says', t => {
	t.is(plan(library({lookedAt: ago(hourMs)})).sinceSeconds, 1_750_000_200);
	t.is(plan(library({cursorSeconds: 100})).sinceSeconds, 0);
	t.is(plan(library({cursorSeconds: undefined})).sinceSeconds, undefined);
});

test('within the days of an audit every item is in exactly one share, however seldom there is a sync', t => {
	fc.assert(fc.property(fc.integer({min: 1, max: 60}), fc.array(fc.integer({min: 1, max: 20}), {minLength: 60, maxLength: 80}), (auditDays, steps) => {
		const pace = {...defaultPace, auditDays};
		const seen = new Set<number>();
		let auditedDay = dayOf(now);
		let day = auditedDay;
		for (const step of steps) {
			day += step;
			const due = plan(library({auditedDay, stamps: {}}), {}, {pace, now: new Date(day * 24 * hourMs)}).auditShares;
			for (const share of due) {
				seen.add(share);
			}

			auditedDay = day;
			if (day - dayOf(now) >= auditDays) {
				break;
			}
		}

		t.is(seen.size, auditDays);
	}));
});

test('the shares of the audit are about equal', t => {
	const counts = Array.from({length: 50}, () => 0);
	for (let item = 0; item < 50_000; item++) {
		counts[auditShare(`i${(item * 2_654_435_761 % 0x1_00_00_00_00).toString(16).padStart(16, '0')}`, {auditDays: 50})]!++;
	}

	t.true(Math.min(...counts) > 500, String(counts));
	t.true(Math.max(...counts) < 2000, String(counts));
});
