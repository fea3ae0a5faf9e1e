import {readFile, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {commit, tombstone} from '../../commands/_past.js';
import {makeItem, makeLibrary} from '../../query/_items.js';
import {createFaults} from '../../helpers/store-faults.js';
import {imported, standingWorld} from './_standing.js';

const old = {name: 'old', query: 'type:movie year:<1930', standing: true};
const nosferatu = makeItem('n1', {title: 'Nosferatu', year: 1922});

test('the first look only notes where a query stands, and what comes and leaves afterwards is noted at once and told with the next digest', async t => {
	const world = await standingWorld(t, [old, {name: 'quiet', query: 'type:movie'}]);
	const {look, passDigest, close} = await world.open();
	await look();
	t.deepEqual(world.notes, ['@old is followed from now on. It finds 1 now.']);
	await world.put(nosferatu, makeItem('b1', {title: 'Brazil', year: 1985}));
	await look();
	t.deepEqual(world.notes.slice(1), ['@old: 1 came (Nosferatu).']);
	await world.remove(['m1'], [tombstone(makeItem('m1', {title: 'Metropolis', year: 1927}), {at: '2026-03-01T12:00:00Z'})]);
	await look();
	t.deepEqual(world.notes.slice(2), ['@old: 1 left (Metropolis).']);
	t.deepEqual(world.told(), []);
	await passDigest();
	t.deepEqual(world.told(), [['@old: 1 item came, 1 item left', 'Came: Nosferatu', 'Left: Metropolis']]);
	t.like(world.phone.sent[0], {topic: 'queries', level: 'info', query: {name: 'old', came: 1, left: 1}});
	await passDigest();
	t.is(world.told().length, 1);
	await close();
});

test('a small commit means a look at what it changes only', async t => {
	const world = await standingWorld(t, [old, {name: 'shows', query: 'any(second)', standing: true}]);
	await world.put(...Array.from({length: 300}, (_, number) => makeItem(`film${number}`, {title: `Film ${number}`, year: 2000})));
	const {look, close} = await world.open();
	await look();
	t.deepEqual(world.looks, [{judged: 0, whole: 2}]);
	await world.put(nosferatu);
	await look();
	await look();
	await world.put(makeItem('episode2', {
		type: 'episode', title: 'Second', libraryId: 'shows', showId: 'show', seasonId: 'season', seasonNumber: 1, episodeNumber: 2,
	}));
	await look();
	await world.remove(['episode2']);
	await look();
	t.deepEqual(world.looks.slice(1), [{judged: 1, whole: 0}, {judged: 0, whole: 0}, {judged: 3, whole: 0}, {judged: 3, whole: 0}]);
	t.deepEqual(world.notes.slice(2), ['@old: 1 came (Nosferatu).', '@shows: 2 came (Harbour).', '@shows: 2 left (Harbour).']);
	await close();
});

test('what was found before survives a restart, and what happened in between is told once', async t => {
	const world = await standingWorld(t, [old]);
	const first = await world.open();
	await first.look();
	await world.put(nosferatu);
	await first.look();
	await first.close();
	await world.put(makeItem('f1', {title: 'Faust', year: 1926}));
	const second = await world.open();
	await second.look();
	t.deepEqual(world.notes.slice(1), ['@old: 1 came (Nosferatu).', '@old: 1 came (Faust).']);
	await second.passDigest();
	await second.close();
	const third = await world.open();
	await third.look();
	await third.passDigest();
	await third.close();
	t.deepEqual(world.told(), [['@old: 2 items came', 'Came: Faust', 'Came: Nosferatu']]);
	t.is(world.notes.length, 3);
});

test('a process that is killed between the notice and the file tells nothing twice, and what comes later is told', async t => {
	const world = await standingWorld(t, [old]);
	const killed = await world.open({isKilledAfterTelling: true});
	await killed.look();
	await world.put(nosferatu);
	await killed.look();
	await killed.passDigest();
	t.is(world.told().length, 1);
	await killed.close();
	await world.put(makeItem('f1', {title: 'Faust', year: 1926}));
	const later = await world.open();
	await later.look();
	await later.passDigest();
	await later.close();
	t.deepEqual(world.told(), [['@old: 1 item came', 'Came: Nosferatu'], ['@old: 1 item came', 'Came: Faust']]);
});

for (const [what, damage] of [['that cannot be read', '{"format":"reelcat-standing","version":1'], ['with another shape', '{"format":"reelcat-standing","version":1,"members":5}']] as const) {
	test(`a file ${what} leads to no flood: the query is noted anew`, async t => {
		const world = await standingWorld(t, [old]);
		const first = await world.open();
		await first.look();
		await first.close();
		await writeFile(path.join(world.folder, 'standing', 'query-old.json'), damage);
		await world.put(nosferatu);
		const second = await world.open();
		await second.look();
		await second.passDigest();
		await second.close();
		t.regex(world.notes[1]!, /^lost old: .*cannot be read/v);
		t.deepEqual(world.notes.slice(2), ['@old is followed from now on. It finds 2 now.']);
		t.deepEqual(world.told(), []);
	});
}

test('a file of a newer reelcat stays as it is, and its query is not followed', async t => {
	const world = await standingWorld(t, [old]);
	const first = await world.open();
	await first.look();
	await first.close();
	const file = path.join(world.folder, 'standing', 'query-old.json');
	const newer = '{"format":"reelcat-standing","version":2}';
	await writeFile(file, newer);
	await world.put(nosferatu);
	const second = await world.open();
	await second.look();
	await second.look();
	await second.close();
	t.is(world.notes.length, 2);
	t.regex(world.notes[1]!, /^The standing query @old cannot be followed\. .* was written by a newer reelcat\.$/v);
	t.is(await readFile(file, 'utf8'), newer);
});

test('an edited query only notes anew, also if only a query that it names was edited', async t => {
	const year = {name: 'year', query: 'year:<1930'};
	const named = {name: 'old', query: 'type:movie @year', standing: true};
	const world = await standingWorld(t, [named, year]);
	const {look, passDigest, close} = await world.open();
	await look();
	world.save([named, {name: 'year', query: 'year:<1980'}]);
	await look();
	world.save([{...named, query: 'alien'}, year]);
	await look();
	await passDigest();
	t.deepEqual(world.notes, ['@old is followed from now on. It finds 1 now.', '@old is followed from now on. It finds 2 now.', '@old is followed from now on. It finds 1 now.']);
	t.deepEqual(world.told(), []);
	await close();
});

test('an age lets items enter and leave as days pass, without a commit', async t => {
	const world = await standingWorld(t, [{name: 'fresh', query: 'added:<3d', standing: true}]);
	await world.put(makeItem('n1', {title: 'Nosferatu', addedAt: '2026-02-27T12:00:00Z'}));
	const {look, close} = await world.open();
	await look();
	t.is(world.notes.at(-1), '@fresh is followed from now on. It finds 1 now.');
	for (let hours = 0; hours < 48; hours++) {
		await world.clock.advance(3_600_000);
		await look();
	}

	t.deepEqual(world.notes.slice(1), ['@fresh: 1 left (Nosferatu).']);
	t.is(world.looks.filter(({whole}) => whole > 0).length, 3);
	await close();
});

test('a person who gets another name changes what many items are, so everything is asked', async t => {
	const world = await standingWorld(t, [{name: 'lang', query: 'director:lang', standing: true}]);
	await world.put({id: 'p', kind: 'person', name: 'F. L.'}, makeItem('m1', {title: 'Metropolis', directors: ['p']}));
	const {look, close} = await world.open();
	await look();
	await world.put({id: 'p', kind: 'person', name: 'Fritz Lang'});
	await look();
	t.deepEqual(world.looks.slice(1), [{judged: 0, whole: 1}]);
	t.is(world.notes.at(-1), '@lang: 1 came (Metropolis).');
	await close();
});

test('what a first import of a library brings is not told, what comes later is', async t => {
	const world = await standingWorld(t, [{name: 'all', query: 'type:movie', standing: true}]);
	const {look, passDigest, close} = await world.open();
	await look();
	await commit(world.store, {libraries: [makeLibrary('more', 'More')], put: [makeItem('x1', {libraryId: 'more', title: 'One'}), nosferatu]});
	await look();
	await commit(world.store, {libraries: [imported(makeLibrary('more', 'More'))], put: [makeItem('x2', {libraryId: 'more', title: 'Two'})]});
	await look();
	await world.put(makeItem('x3', {libraryId: 'more', title: 'Three'}));
	await look();
	await passDigest();
	t.deepEqual(world.notes.slice(1), ['@all: 1 came (Nosferatu).', '@all: 1 came (Three).']);
	t.deepEqual(world.told(), [['@all: 2 items came', 'Came: Nosferatu', 'Came: Three']]);
	await close();
});

test('a wrong query is told once, and is caught up with when it is right again', async t => {
	const world = await standingWorld(t, [{...old, query: 'year:<1930 type:movie @gone'}, {name: 'few', query: 'type:movie limit:2', standing: true}]);
	const {look, passDigest, close} = await world.open();
	await look();
	await look();
	t.deepEqual(world.notes, [
		'The standing query @old cannot be followed. There is no saved query @gone.',
		'The standing query @few cannot be followed. @few ends after 2 items (limit:2), so it cannot be a standing query.',
	]);
	world.save([old]);
	await look();
	world.save([{...old, query: 'gener:drama'}]);
	await look();
	await world.put(nosferatu);
	await look();
	world.save([old]);
	await look();
	await passDigest();
	t.deepEqual(world.told(), [['@old: 1 item came', 'Came: Nosferatu']]);
	await close();
});

test('a query that is no longer watched is forgotten, and without any no index is made', async t => {
	const world = await standingWorld(t, [old]);
	const {look, close} = await world.open();
	await look();
	t.deepEqual(await readdir(path.join(world.folder, 'standing')), ['query-old.json']);
	world.save([{name: 'old', query: old.query}]);
	world.forbidIndex();
	await look();
	await world.put(nosferatu);
	await look();
	t.deepEqual(await readdir(path.join(world.folder, 'standing')), []);
	t.is(world.notes.length, 1);
	await close();
});

test('a restored backup is noted anew', async t => {
	const world = await standingWorld(t, [old]);
	await world.put(nosferatu);
	const first = await world.open();
	await first.look();
	await first.close();
	const file = path.join(world.folder, 'standing', 'query-old.json');
	const state = JSON.parse(await readFile(file, 'utf8')) as {revision: number; members: string[]};
	t.is(state.revision, world.store.header().revision);
	await writeFile(file, JSON.stringify({...state, revision: state.revision + 5, members: ['m1', 'lost']}));
	const second = await world.open();
	await second.look();
	await second.close();
	t.deepEqual(world.notes.slice(1), ['@old is followed from now on. It finds 2 now.']);
});

test('a full disk is told once, and what is found goes on being told', async t => {
	const faults = createFaults();
	const world = await standingWorld(t, [old]);
	const {look, passDigest, close} = await world.open({fs: faults.fs});
	await look();
	faults.failWhen(method => method === 'write' || method === 'writeFile' ? 'ENOSPC' : undefined);
	await world.put(nosferatu);
	await look();
	await passDigest();
	t.deepEqual(world.told(), [['@old: 1 item came', 'Came: Nosferatu']]);
	t.is(world.notes.filter(note => note.includes('could not be saved')).length, 1);
	await close();
});

test('a query that finds too much is told and asked once, and again when it is edited or a day is over', async t => {
	const all = {name: 'all', query: 'type:movie', standing: true};
	const world = await standingWorld(t, [all, old]);
	const {look, close} = await world.open({mostMembers: 1});
	await look();
	const refusal = '@all finds more than 1 items, so it is not followed. Narrow it down.';
	t.deepEqual(world.notes, [refusal, '@old is followed from now on. It finds 1 now.']);
	await world.put(makeItem('b1', {title: 'Brazil', year: 1985}));
	await look();
	await look();
	t.deepEqual(world.looks, [{judged: 0, whole: 2}, {judged: 1, whole: 0}, {judged: 0, whole: 0}]);
	await world.clock.advance(25 * 3_600_000);
	await look();
	t.deepEqual(world.looks.at(-1), {judged: 0, whole: 2});
	world.save([{...all, query: 'brazil'}, old]);
	await look();
	t.deepEqual(world.looks.at(-1), {judged: 0, whole: 1});
	t.deepEqual(world.notes.slice(2), ['@all is followed from now on. It finds 1 now.']);
	await close();
});

test('without an index every change lets all be asked, but what found too much only when a day is over', async t => {
	const all = {name: 'all', query: 'type:movie', standing: true};
	const world = await standingWorld(t, [all, old]);
	world.forbidIndex();
	const {look, close} = await world.open({mostMembers: 1, isAnswered: true});
	await look();
	await world.put(makeItem('b1', {title: 'Brazil', year: 1985}));
	await look();
	await look();
	await world.clock.advance(13 * 3_600_000);
	await world.put(makeItem('g1', {title: 'Gilda', year: 1946}));
	await look();
	await world.clock.advance(13 * 3_600_000);
	await look();
	t.deepEqual(world.looks, [{judged: 0, whole: 2}, {judged: 0, whole: 1}, {judged: 0, whole: 0}, {judged: 0, whole: 1}, {judged: 0, whole: 2}]);
	t.deepEqual(world.notes, ['@all finds more than 1 items, so it is not followed. Narrow it down.', '@old is followed from now on. It finds 1 now.']);
	await close();
});

test('a query that found too much and was wrong meanwhile is asked and told again', async t => {
	const all = {name: 'all', query: 'type:movie', standing: true};
	const world = await standingWorld(t, [all]);
	await world.put(makeItem('b1', {title: 'Brazil', year: 1985}));
	const {look, close} = await world.open({mostMembers: 1});
	await look();
	world.save([{...all, query: 'gener:drama'}]);
	await look();
	world.save([all]);
	await look();
	const [refusal, fault] = ['@all finds more than 1 items, so it is not followed. Narrow it down.', 'The standing query @all cannot be followed. There is no field gener; did you mean genre?'];
	t.deepEqual(world.notes, [refusal, fault, refusal]);
	await close();
});

test('a wrong query that is watched anew is told anew', async t => {
	const wrong = {name: 'wrong', query: 'gener:drama', standing: true};
	const world = await standingWorld(t, [wrong]);
	const {look, close} = await world.open();
	await look();
	world.save([{name: 'wrong', query: wrong.query}]);
	await look();
	world.save([wrong]);
	await look();
	t.is(world.notes.length, 2);
	await close();
});

test('what a process that died while it wrote a file has left is removed', async t => {
	const world = await standingWorld(t, [old]);
	const first = await world.open();
	await first.look();
	await first.close();
	const folder = path.join(world.folder, 'standing');
	await writeFile(path.join(folder, '.query-old.json.999999999.0123456789abcdef.tmp'), '{"form');
	const second = await world.open();
	await second.look();
	await second.close();
	t.deepEqual(await readdir(folder), ['query-old.json']);
});
