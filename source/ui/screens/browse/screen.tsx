import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {line, span, type Line} from '../../line.js';
import {browseScreen} from '../../stack.js';
import {fitLine} from '../../parts/cells.js';
import {contentLines} from '../../view/content.js';
import {browseLines} from './lines.js';

/**
A level of the catalogue as a table, with the detail of the selected row beside or below it where there is room.
*/
export function BrowseScreen({state, index, theme, layout}: ScreenProps) {
	const screen = browseScreen(state);
	if (screen === undefined) {
		return <Lines lines={[]} rows={layout.bodyRows} theme={theme}/>;
	}

	const {glyphs} = theme;
	const {pane, listColumns, listRows, paneColumns, paneRows, bodyRows} = layout;
	const list = browseLines(state, screen, {
		index, glyphs, columns: listColumns, rows: listRows,
	});
	if (pane === 'none') {
		return <Lines lines={list} rows={bodyRows} theme={theme}/>;
	}

	const detail = contentLines(state).slice(screen.paneScroll, screen.paneScroll + paneRows);
	const lines = pane === 'below'
		? [...filled(list, listRows + 1), line(glyphs.horizontal.repeat(paneColumns), 'dim'), ...detail]
		: filled(list, bodyRows).map((spans, row): Line => [
			...fitLine(spans, listColumns),
			span(`${glyphs.vertical} `, 'dim'),
			...detail[row] ?? [],
		]);
	return <Lines lines={lines} rows={bodyRows} theme={theme}/>;
}

const filled = (lines: Line[], rows: number): Line[] => Array.from({length: rows}, (_, index) => lines[index] ?? []);
