import test from 'ava';
import {standingNotice} from '../../../source/watch/notify/notice.js';
import {describeDifference, standingNote} from '../../../source/watch/standing/standing-notice.js';
import {makeItem} from '../../query/_items.js';

const show = makeItem('show', {type: 'show', title: 'Harbour'});
const episode = (id: string) => makeItem(id, {
	type: 'episode', showId: 'show', seasonNumber: 1, episodeNumber: Number(id.slice(1)), title: 'Part',
});
const store = {
	getMany: async (ids: readonly string[]) => ids.filter(id => !id.startsWith('x')).map(id => id === 'show' ? show : episode(id)),
};
const told = async (count: number) => {
	const ids = new Set(Array.from({length: count}, (_, number) => `e${number + 1}`));
	const difference = await describeDifference({came: ids, left: new Set()}, store);
	const {title, body} = standingNotice('new', difference, {batch: 'b', now: new Date('2026-03-01T12:00:00Z')});
	return {title, lines: body.split('\n'), note: standingNote('new', difference)};
};

test('a notice that does not name all items says so, also where those that it names are one line', async t => {
	t.deepEqual(await told(3), {title: '@new: 3 items came', lines: ['Came: Harbour S01E01–E03'], note: '@new: 3 came (Harbour S01E01–E03).'});
	const {title, lines, note} = await told(2500);
	t.is(title, '@new: 2,500 items came');
	t.is(lines.length, 2);
	t.is(lines[1], 'and more');
	t.regex(note, /, …\)\.$/v);
});
