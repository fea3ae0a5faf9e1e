import {Buffer} from 'node:buffer';
import {clean, cleanLines} from '../../base/text/clean.js';
import type {Notice} from './notice.js';

/**
A notice as plain text that is safe to show: titles of a server may hold anything.
*/
export const plainTitle = ({title}: Pick<Notice, 'title'>): string => clean(title);
export const plainBody = ({body}: Pick<Notice, 'body'>): string => cleanLines(body);

const segmenter = new Intl.Segmenter('en', {granularity: 'grapheme'});
const ellipsis = '…';

const cut = (text: string, limit: number, sizeOf: (part: string) => number): string => {
	if (sizeOf(text) <= limit) {
		return text;
	}

	const room = limit - sizeOf(ellipsis);
	let used = 0;
	for (const {segment, index} of segmenter.segment(text)) {
		used += sizeOf(segment);
		if (used > room) {
			return text.slice(0, index) + ellipsis;
		}
	}

	return text;
};

/**
At most so many UTF-16 units, which is at least as strict as services that count characters; no letter is cut in two.
*/
export const cutText = (text: string, limit: number): string => cut(text, limit, ({length}) => length);

/**
At most so many bytes of UTF-8.
*/
export const cutBytes = (text: string, limit: number): string => cut(text, limit, part => Buffer.byteLength(part));

/**
A notice for machines: what a webhook is sent and a command reads. Names are fixed: what is added comes as a new field, anything else raises `schema`.
*/
type NoticeJson = Notice & {schema: 1};

export const noticeJson = (notice: Notice): NoticeJson => ({
	schema: 1, ...notice, title: plainTitle(notice), body: plainBody(notice),
});
