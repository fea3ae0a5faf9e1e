import {Box, Text} from 'ink';
import {memo} from 'react';
import {filled, type Line, type Span} from '../line.js';
import type {Theme} from '../theme.js';

/**
Draws exactly `rows` lines, so that nothing below moves. The lines must fit the width already.
*/
export function Lines({lines, rows, theme}: {readonly lines: readonly Line[]; readonly rows: number; readonly theme: Theme}) {
	return (
		<Box flexDirection='column' flexShrink={0} height={rows} overflowY='hidden'>
			{filled(lines, rows).map((spans, index) => <LineView key={index} spans={spans} theme={theme}/>)}
		</Box>
	);
}

const painted = ({text, tone, href, cells}: Span, theme: Theme): string => {
	const shown = cells === undefined ? theme.show(text) : text;
	return theme.paint(href === undefined ? shown : theme.link(shown, href), tone);
};

// Many spans that follow each other look the same.
const joined = (spans: Line): Span[] => {
	const parts: Span[] = [];
	for (const part of spans) {
		const last = parts.at(-1);
		if (last?.tone === part.tone && [last, part].every(({href, cells}) => href === undefined && cells === undefined)) {
			parts[parts.length - 1] = {...last, text: last.text + part.text};
		} else {
			parts.push(part);
		}
	}

	return parts;
};

type LineProps = {readonly spans: Line; readonly theme: Theme};

const isSameSpan = (one: Span, other: Span | undefined) =>
	one.text === other?.text && one.tone === other.tone && one.href === other.href && one.cells === other.cells;

const isSameLine = (before: LineProps, after: LineProps) => before.theme === after.theme
	&& (before.spans === after.spans || (before.spans.length === after.spans.length && before.spans.every((part, index) => isSameSpan(part, after.spans[index]))));

// Most lines of a frame are those of the frame before. One that is not is a single text with its colours in it, because Ink paints and joins the elements of all lines anew for each frame.
const LineView = memo(({spans, theme}: LineProps) => (
	<Text wrap='truncate'>{spans.length === 0 ? ' ' : joined(spans).map(part => painted(part, theme)).join('')}</Text>
), isSameLine);
