import {clean, cleanLines} from '../../../base/text/clean.js';
import {formatCount, plural} from '../../../base/text/format.js';
import type {Library} from '../../../catalog/types.js';
import type {LibrarySum} from '../../../query/library-sums.js';
import type {LibraryRow} from '../../../sync/library-record.js';
import {percentOf} from '../../../sync/share.js';
import {
	blank,
	line,
	span,
	type Line,
	type Tone,
} from '../../line.js';
import {fitLine, short} from '../../parts/cells.js';
import {relative} from '../../parts/format.js';
import {meter} from '../../parts/meter.js';
import {beside, panelLines} from '../../parts/panel.js';
import {wrapText} from '../../parts/wrap.js';
import {placedTitle} from '../../library-titles.js';
import type {ScreenProps} from '../../screen-module.js';
import type {Glyphs} from '../../theme.js';
import {libraryCardRows} from './layout.js';
import {lastImport, typeWord} from './words.js';

type Place = {column: number; row: number; columns: number};

type Options = Pick<ScreenProps, 'index' | 'now'> & {glyphs: Glyphs};

/**
A card for each library, as many side by side as there is room for.
*/
export const libraryCards = ({state, theme: {glyphs}, index, now}: Pick<ScreenProps, 'state' | 'theme' | 'index' | 'now'>, places: readonly Place[]): Line[] => {
	const {rows, list, sums} = state.libraries;
	const cards = rows.map((row, at) => ({
		row: places[at]!.row,
		lines: cardLines({...row, title: placedTitle(state, row)}, {
			place: places[at]!,
			isSelected: row.id === list.selectedId,
			library: state.header.libraries.find(({id}) => id === row.id),
			sum: sums.get(row.id),
			glyphs,
			index,
			now,
		}),
	}));
	return Map.groupBy(cards, ({row}) => row).values().flatMap(([first, ...others]) => beside(first!.lines, ...others.map(({lines}) => lines))).toArray();
};

type CardOptions = Options & {place: Place; isSelected: boolean; library: Library | undefined; sum: LibrarySum | undefined};

const cardLines = (row: LibraryRow, options: CardOptions): Line[] => {
	const {place: {columns}, isSelected, sum, glyphs, now} = options;
	const {isChosen, disabledReason, title} = row;
	const canTick = disabledReason === undefined;
	const facts = canTick ? factLines(row, options) : wrapText(cleanLines(disabledReason), columns - 4).map(text => line(text, 'dim'));
	const name = short(title.trim(), columns - 22);
	const box = canTick ? (isChosen ? '[x] ' : '[ ] ') : '';
	return panelLines({
		title: [span(`${isSelected ? glyphs.pointer : ' '} ${box}${name}`, isSelected ? 'accent' : (canTick ? 'strong' : 'dim'))],
		position: [span(typeWord(row), 'dim')],
		keys: canTick ? lastWords(row, glyphs, now) : '',
		totals: sum === undefined || sum.durationMs === 0 ? '' : `${formatCount(Math.ceil(sum.durationMs / 3_600_000))} h`,
		lines: facts.map(spans => fitLine([span(' '), ...spans], columns - 3)),
		columns,
		rows: libraryCardRows,
		isFramed: true,
		glyphs,
	});
};

const lastWords = (row: LibraryRow, glyphs: Glyphs, now: Date) => {
	const words = lastImport(row, glyphs, now);
	return row.lastImport === undefined ? 'never imported' : (words.startsWith(glyphs.warn) ? [span(words, 'warn')] : `synced ${words}`);
};

const factLines = (row: LibraryRow, {sum, library, index, glyphs, now, place: {columns}}: CardOptions): Line[] => {
	if (row.catalogCount === 0) {
		return [line(serverWords(row), 'strong')];
	}

	const newest = sum?.newest === undefined ? undefined : index.get(sum.newest.id);
	const width = Math.max(6, Math.min(20, columns - 20));
	const share = (label: string, count: number, videos: number, tone: Tone): Line => [
		span(label.padEnd(5), 'dim'), ...meter(count / videos, width, glyphs, tone), span(` ${percentOf(count / videos)} %`),
	];
	return [
		line(countWords(row, library), 'strong'),
		...sum === undefined ? [blank, blank] : [share('4K', sum.uhd, sum.videos, 'uhd'), share('HDR', sum.hdr, sum.videos, 'hdr')],
		newest === undefined || sum?.newest === undefined
			? blank
			: newestLine((newest.showId === undefined ? undefined : index.get(newest.showId))?.title ?? newest.title, relative(sum.newest.addedAt, now), columns - 4),
	];
};

const newestLine = (title: string, when: string, columns: number): Line =>
	[span('New  ', 'dim'), span(short(clean(title), Math.max(4, columns - when.length - 8))), span(`, ${when}`, 'dim')];

const unit = ({type}: Pick<LibraryRow, 'type'>) => type === 'show' ? 'show' : 'movie';

const serverWords = (row: LibraryRow) => row.serverCount === undefined
	? (row.lastImport === undefined ? 'Nothing is imported yet.' : plural(0, unit(row)))
	: `${plural(row.serverCount, unit(row))} on the server`;

/**
Where the server has another number, both are told.
*/
const countWords = (row: LibraryRow, library: Library | undefined) => {
	const {catalogCount, serverCount = catalogCount, type} = row;
	const counted = catalogCount === serverCount ? plural(catalogCount, unit(row)) : `${plural(catalogCount, unit(row))} (server ${formatCount(serverCount)})`;
	return type === 'show' && library !== undefined ? `${counted}, ${plural(library.counts.episode, 'episode')}` : counted;
};
