import {containerAnswer, htmlAnswer, type DemoAnswer} from '../answer.js';
import type {RowRange} from '../library/library.js';
import type {PlexRow} from '../library/row.js';
import {listRow} from '../library/shown-row.js';
import {pageHeaders, readRange, type DemoRequest} from '../request.js';

type ListContainer = {
	total: number;
	/**
	Builds only the rows that are shown.
	*/
	rows: (range: RowRange) => readonly unknown[];
	/**
	What the container says besides its sizes.
	*/
	facts?: Readonly<Record<string, unknown>>;
};

/**
The name of the rows in an answer of Plex.
*/
export const rowsNamed = (name: 'Metadata' | 'Directory' | 'Hub', rows: readonly unknown[]) => rows.length === 0 ? {} : {[name]: rows};

/**
Answers with one page if the client asks for one, else with all rows: these lists are short.
*/
export const listAnswer = ({query, wantsJson}: DemoRequest, {total, rows, facts}: ListContainer): DemoAnswer => {
	const page = readRange(query);
	if (page === 'bad') {
		return htmlAnswer(400);
	}

	const shown = rows(page ?? {start: 0, size: total});
	return containerAnswer({
		size: shown.length,
		...(page !== undefined && {totalSize: total, offset: page.start}),
		allowSync: true,
		identifier: 'com.plexapp.plugins.library',
		mediaTagPrefix: '/system/bundle/media/flags/',
		mediaTagVersion: 1_748_000_000,
		...facts,
		...rowsNamed('Metadata', shown),
	}, {wantsJson, ...(page !== undefined && {headers: pageHeaders(page, total)})});
};

export const cut = <Row>(rows: readonly Row[], {start, size}: RowRange): readonly Row[] => rows.slice(start, start + size);

/**
A row of a list that is about several libraries: each row names its own.
*/
export const mixedRow = (row: PlexRow, query: URLSearchParams): PlexRow => ({
	...listRow(row, {includeGuids: query.get('includeGuids') === '1'}),
	librarySectionTitle: row.librarySectionTitle!,
	librarySectionID: row.librarySectionID!,
	librarySectionKey: row.librarySectionKey!,
});
