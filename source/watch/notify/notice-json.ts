import type {Notice} from './notice.js';
import {plainBody, plainTitle} from './notice-text.js';

/**
A notice for machines: what a webhook is sent and a command reads. Names are fixed: what is added comes as a new field, anything else raises `schema`.
*/
export type NoticeJson = Notice & {schema: 1};

export const noticeJson = (notice: Notice): NoticeJson => ({
	schema: 1, ...notice, title: plainTitle(notice), body: plainBody(notice),
});
