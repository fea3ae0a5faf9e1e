import {containerAnswer, htmlAnswer} from '../answer.js';
import type {DemoLibrary} from '../library/library.js';
import type {PlexRow} from '../library/row.js';
import {detailRow, listRow} from '../library/shown-row.js';
import {detailKeys, pageHeaders, readRange} from '../request.js';
import type {DemoRoute} from './context.js';

/**
`/library/metadata/{keys}`: full rows. Keys that do not exist are silently left out; 404 comes only when none exists ([MNT]).
*/
export const details: DemoRoute = ({path, query, wantsJson}, {library, strikes}) => {
	const keys = detailKeys(path);
	if (keys.length === 0) {
		return undefined;
	}

	const broken = strikes('brokenItem');
	const brokenRows = strikes('brokenRows')?.ratingKeys ?? [];
	if (broken !== undefined || keys.some(key => brokenRows.includes(key) || library.isBroken(key))) {
		return htmlAnswer(broken?.status ?? 500);
	}

	const isAsked = (name: string) => query.get(name) === '1';
	const switches = {includeChapters: isAsked('includeChapters'), includeMarkers: isAsked('includeMarkers'), includeExtras: isAsked('includeExtras')};
	// The order of the answer is not promised, so it differs from the order of the keys.
	const rows = [...new Set(keys)]
		.map(key => detailOf(library, key, switches))
		.filter(row => row !== undefined)
		.toSorted((a, b) => Number(b.ratingKey) - Number(a.ratingKey));
	return rows.length === 0
		? htmlAnswer(404)
		: containerAnswer({
			size: rows.length,
			allowSync: true,
			identifier: 'com.plexapp.plugins.library',
			...sectionOf(library, rows[0]!),
			mediaTagPrefix: '/system/bundle/media/flags/',
			mediaTagVersion: 1_748_000_000,
			Metadata: rows,
		}, {wantsJson});
};

const detailOf = (library: DemoLibrary, key: string, switches: Parameters<typeof detailRow>[1]) => {
	const row = library.row(key);
	return row === undefined ? library.collections.row(key) : detailRow(row, switches);
};

/**
The seasons of a show, the episodes of a season, or all episodes of either.
*/
export const children: DemoRoute = ({path, query, wantsJson}, {library}) => {
	const {key, view} = /^\/library\/metadata\/(?<key>\d+)\/(?<view>children|allLeaves|grandchildren)$/v.exec(path)?.groups ?? {};
	if (key === undefined) {
		return undefined;
	}

	const parent = library.row(key);
	const page = readRange(query);
	if (parent === undefined) {
		return htmlAnswer(404);
	}

	if (page === 'bad') {
		return htmlAnswer(400);
	}

	const {seasons, episodes} = library.children(key);
	const isShow = parent.type === 'show';
	const keys = isShow && view === 'children' ? seasons : episodes;
	const shown = page === undefined ? keys : keys.slice(page.start, page.start + page.size);
	const rows = shown.map(child => library.row(child)).filter(row => row !== undefined).map(row => listRow(row, {includeGuids: query.get('includeGuids') === '1'}));
	const hasAllRow = isShow && view === 'children' && query.get('excludeAllLeaves') !== '1';
	return containerAnswer({
		size: rows.length,
		...(page !== undefined && {totalSize: keys.length, offset: page.start}),
		allowSync: true,
		identifier: 'com.plexapp.plugins.library',
		key,
		...sectionOf(library, parent),
		parentTitle: parent.title,
		viewGroup: keys === seasons ? 'season' : 'episode',
		// The pseudo row without a ratingKey, which is not a season.
		...(hasAllRow && {
			Directory: [{
				leafCount: parent.leafCount, thumb: parent.thumb, viewedLeafCount: parent.viewedLeafCount, key: `/library/metadata/${key}/allLeaves`, title: 'All episodes',
			}],
		}),
		...(rows.length > 0 && {Metadata: rows}),
	}, {wantsJson, ...(page !== undefined && {headers: pageHeaders(page, keys.length)})});
};

const sectionOf = (library: DemoLibrary, row: Pick<PlexRow, 'librarySectionID' | 'librarySectionTitle'>) => ({
	librarySectionID: row.librarySectionID,
	librarySectionTitle: row.librarySectionTitle,
	librarySectionUUID: library.sections().find(({key}) => Number(key) === row.librarySectionID)?.uuid,
});
