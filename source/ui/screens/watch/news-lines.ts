import {clean} from '../../../base/text/clean.js';
import {displayWidth} from '../../../base/text/width.js';
import {plural} from '../../../base/text/format.js';
import {
	line,
	span,
	type Line,
	type Tone,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import type {Glyphs} from '../../theme.js';
import {cell, fitLine} from '../../parts/cells.js';
import type {NewsItem} from './reduce.js';
import type {PaneOptions} from './words.js';

export const newsHeading = ({watch: {known}}: UiState, {columns}: PaneOptions): Line => {
	const alerts = known?.status.alerts.length ?? 0;
	return line(cell(alerts === 0 ? 'Events' : `Alerts and events  ${plural(alerts, 'alert')}`, columns), 'strong');
};

const markOf = (item: NewsItem, glyphs: Glyphs): [string, Tone] => {
	if ('alert' in item) {
		return [glyphs.bad, 'bad'];
	}

	switch (item.note.level) {
		case 'error': {
			return [glyphs.bad, 'bad'];
		}

		case 'warn': {
			return [glyphs.warn, 'warn'];
		}

		case 'info': {
			return [' ', 'plain'];
		}
	}
};

/**
An alert with the time that it began, or an event with its own.
*/
export const newsLine = (item: NewsItem, {columns, glyphs, moments, isSelected}: PaneOptions): Line => {
	const [mark, tone] = markOf(item, glyphs);
	const text = 'alert' in item
		? `Alert since ${moments.clock(item.alert.since)}: ${clean(item.alert.message)}`
		: `${clock(item.note.at, moments.clock)}  ${clean(item.note.text)}`;
	const spans = [span(`${isSelected ? glyphs.pointer : ' '} `), span(`${mark} `, tone), span(text)];
	return isSelected ? fitLine(spans.map(part => span(part.text, 'selected')), columns, 'selected') : fitLine(spans, columns);
};

const clock = (instant: string, format: (instant: string) => string) => {
	const text = format(instant);
	return cell(text, Math.max(5, displayWidth(text)));
};

export const newsText = (item: NewsItem, format: (instant: string) => string): string => 'alert' in item
	? [`Alert since ${format(item.alert.since)}`, '', item.alert.message, ...item.alert.hint === undefined ? [] : [item.alert.hint]].join('\n')
	: [format(item.note.at), '', item.note.text].join('\n');
