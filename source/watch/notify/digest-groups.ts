import type {ItemType} from '../../catalog/types.js';
import {plural} from '../../base/text/format.js';

type DigestTitle = {
	type: ItemType;
	/**
	As the history has it, with the show and the number.
	*/
	title: string;
	/**
	What has become of the picture, if that is worth a word.
	*/
	quality?: string;
};

export type TitleGroup = {
	text: string;
	/**
	Movies or episodes; where there are none of these, what there is.
	*/
	items: number;
};

type Show = {
	title: string;
	isWhole: boolean;
	seasons: string[];
	/**
	Numbers by season.
	*/
	numbers: Map<number, number[]>;
	/**
	Of episodes that go by their date, or by nothing.
	*/
	others: string[];
	qualities: Set<string | undefined>;
	episodes: number;
};

/**
Episodes of one show in one line, by the titles that the history gives them.

@example
```
groupTitles('new', [{type: 'episode', title: 'Severance – S02E01 Hello'}, {type: 'episode', title: 'Severance – S02E02 Goodbye'}]);
//=> [{text: 'Severance S02E01–E02', items: 2}]
```
*/
export const groupTitles = (kind: string, titles: readonly DigestTitle[]): TitleGroup[] => {
	const shows = new Map<string, Show>();
	const groups: TitleGroup[] = [];
	for (const entry of titles) {
		if (entry.type === 'movie') {
			groups.push({text: withQuality(entry.title, entry.quality), items: 1});
		} else {
			addToShow(shows, entry);
		}
	}

	return [...groups, ...Array.from(shows.values(), show => showGroup(kind, show))]
		.toSorted((left, right) => left.text.localeCompare(right.text, 'en', {numeric: true}));
};

const numbered = /^(?<show>.*?) – S(?<season>\d+)E(?<episode>\d+)(?: |$)/v;
const dated = /^(?<show>.*?) – (?<date>\d{4}-\d{2}-\d{2})(?: |$)/v;
const below = /^(?<show>.*) – (?<own>.*)$/v;

const addToShow = (shows: Map<string, Show>, {type, title, quality}: DigestTitle) => {
	const place = type === 'episode' ? (numbered.exec(title) ?? dated.exec(title) ?? below.exec(title))?.groups : undefined;
	const {show: showTitle = title, season, episode, date, own} = place ?? (type === 'season' ? below.exec(title)?.groups : undefined) ?? {};
	const show = shows.get(showTitle) ?? {
		title: showTitle, isWhole: false, seasons: [], numbers: new Map<number, number[]>(), others: [], qualities: new Set<string | undefined>(), episodes: 0,
	};
	shows.set(showTitle, show);
	if (type === 'show') {
		show.isWhole = true;
		return;
	}

	if (type === 'season') {
		show.seasons.push(own ?? title);
		return;
	}

	show.episodes++;
	show.qualities.add(quality);
	if (season === undefined) {
		show.others.push(date ?? own ?? title);
	} else {
		show.numbers.set(Number(season), [...show.numbers.get(Number(season)) ?? [], Number(episode)]);
	}
};

const mostParts = 4;

const showGroup = (kind: string, {title, isWhole, seasons, numbers, others, qualities, episodes}: Show): TitleGroup => {
	const [quality] = qualities.size === 1 ? qualities : [];
	if (episodes === 0) {
		return isWhole ? {text: title, items: 1} : {text: `${title} ${seasons.toSorted().join(', ')}`, items: seasons.length};
	}

	if (isWhole) {
		const what = kind === 'new' ? 'new show' : 'the whole show';
		return {text: withQuality(`${title}, ${what}, ${plural(episodes, 'episode')}`, quality), items: episodes};
	}

	const parts = [
		...[...numbers].toSorted(([left], [right]) => left - right).flatMap(([season, ofSeason]) => ranges(season, ofSeason)),
		...others.toSorted(),
	];
	const text = parts.length > mostParts
		? `${title}, ${plural(episodes, 'episode')}${numbers.size > 1 ? ` of ${plural(numbers.size, 'season')}` : ''}`
		: `${title} ${parts.join(', ')}`;
	return {text: withQuality(text, quality), items: episodes};
};

const twoDigits = (number: number) => String(number).padStart(2, '0');

/**
@example
```
ranges(2, [1, 2, 4]); //=> ['S02E01–E02', 'S02E04']
```
*/
const ranges = (season: number, episodes: readonly number[]): string[] => {
	const runs: Array<{first: number; last: number}> = [];
	for (const number of [...new Set(episodes)].toSorted((left, right) => left - right)) {
		const run = runs.at(-1);
		if (run !== undefined && number === run.last + 1) {
			run.last = number;
		} else {
			runs.push({first: number, last: number});
		}
	}

	return runs.map(({first, last}) => `S${twoDigits(season)}E${twoDigits(first)}${last === first ? '' : `–E${twoDigits(last)}`}`);
};

const withQuality = (text: string, quality: string | undefined) => quality === undefined ? text : `${text} (${quality})`;
