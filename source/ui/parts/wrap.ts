import {cleanLines} from '../../base/text/clean.js';
import {displayWidth} from '../../base/text/width.js';
import {line, type Line} from '../line.js';
import {graphemes} from './text-field.js';

/**
Breaks clean text into lines of at most `width` cells, between words. A word is broken only when it is longer than a line, and a grapheme never.
*/
export const wrapText = (text: string, width: number): string[] =>
	text.split('\n').flatMap(paragraph => wrapParagraph(paragraph, Math.max(2, width)));

const wrapParagraph = (paragraph: string, width: number): string[] => {
	const lines: string[] = [];
	let current = '';
	let used = 0;
	const endLine = () => {
		lines.push(current.trimEnd());
		current = '';
		used = 0;
	};

	for (const word of paragraph.split(/(?<= )/v)) {
		const wordWidth = displayWidth(word);
		if (used + displayWidth(word.trimEnd()) > width && used > 0) {
			endLine();
		}

		if (wordWidth <= width + 1) {
			current += word;
			used += wordWidth;
			continue;
		}

		for (const segment of graphemes(word)) {
			const segmentWidth = displayWidth(segment);
			if (used + segmentWidth > width) {
				endLine();
			}

			current += segment;
			used += segmentWidth;
		}
	}

	endLine();
	return lines;
};

/**
Sentences as indented lines. They are our own, but may name a server or an item. Undefined ones are left out.
*/
export const sentences = (texts: ReadonlyArray<string | undefined>, columns: number, tone: 'plain' | 'dim' | 'bad' = 'plain'): Line[] =>
	texts.filter(text => text !== undefined).flatMap(text => wrapText(cleanLines(text), columns - 2)).map(text => line(`  ${text}`, tone));
