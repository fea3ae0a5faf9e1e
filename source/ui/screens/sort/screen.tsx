import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {sortFieldsOf} from '../../keymap.js';
import {blank, line} from '../../line.js';
import {topScreen} from '../../stack.js';

/**
What a list can be sorted by.
*/
export function SortScreen({state, theme, layout}: ScreenProps) {
	const screen = topScreen(state);
	const cursor = screen.name === 'sort' ? screen.cursor : 0;
	const fields = sortFieldsOf(state);
	const lines = [
		line('Sort by', 'strong'),
		...layout.bodyRows > fields.length + 1 ? [blank] : [],
		...fields.map(({label}, index) => index === cursor
			? line(`${theme.glyphs.pointer} ${label}`, 'selected')
			: line(`  ${label}`)),
	];
	return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
}
