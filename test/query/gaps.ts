import test from 'ava';
import fc from 'fast-check';
import {missingNumbers, missingEpisodes, episodeGaps} from '../../source/query/gaps.js';
import {summarize} from '../../source/query/summary.js';
import {makeItem, showItems} from './_items.js';

test('missing episodes and seasons are found, specials are not counted', t => {
	t.deepEqual(episodeGaps(showItems().map(item => summarize(item))), [{
		showId: 'show1',
		missingSeasons: [2],
		seasons: [{seasonNumber: 1, missingEpisodes: [2, 5, 6, 7, 8, 9]}],
	}]);
});

test('episodes that have a date instead of a number leave no gaps', t => {
	const episode = (id: string, fields: {episodeNumber?: number; releaseDate?: string}) => summarize(makeItem(id, {
		type: 'episode', showId: 'news', seasonNumber: 2024, ...fields,
	}));
	t.deepEqual(episodeGaps([
		episode('a', {releaseDate: '2024-01-01'}),
		episode('b', {releaseDate: '2024-05-01'}),
		episode('c', {episodeNumber: 20_240_501}),
	]), []);
});

test('a season that is a year, with episodes numbered by month and day, has no gaps', t => {
	t.deepEqual(missingEpisodes(2024, [104, 430, undefined, 1225]), []);
	t.deepEqual(missingEpisodes(2024, [1, 2, 5]), [3, 4]);
	t.is(missingEpisodes(2024, [100, 102]).length, 100);
	t.is(missingEpisodes(2, [104]).length, 103);
});

test('years are not counted from 1', t => {
	t.deepEqual(missingNumbers([2020, 2022]), [2021]);
});

test('movies and shows without gaps are not in the report', t => {
	const items = [makeItem('movie1'), makeItem('show2', {type: 'show'})];
	t.deepEqual(episodeGaps(items.map(item => summarize(item))), []);
});

test('what is there and what is missing are together all numbers up to the highest', t => {
	const number = fc.integer({min: -2, max: 60});
	const numbers = fc.array(fc.option(number, {nil: undefined}));
	const law = fc.property(numbers, given => {
		const known = new Set<number>();
		for (const value of given) {
			if (value !== undefined && value > 0) {
				known.add(value);
			}
		}

		const highest = Math.max(0, ...known);
		const all = [...missingNumbers(given), ...known];
		const everyNumber = all.toSorted((left, right) => left - right);
		return everyNumber.length === highest && everyNumber.every((value, index) => value === index + 1);
	});
	t.notThrows(() => {
		fc.assert(law);
	});
});
