import test from 'ava';
import {readSummaryLine, summaryLine} from '../../source/query/summary-lines.js';
import {summarize} from '../../source/query/summary.js';
import {makeItem, showItems} from './_items.js';

test('a summary is the same after it was written and read', t => {
	const items = [
		...showItems(),
		makeItem('movie1', {
			title: '東京物語 "quoted" \u{2028} __proto__',
			year: 0,
			editionTitle: 'Director\'s Cut',
			durationMs: 0,
			viewState: {viewCount: 2},
			trashedAt: '2026-01-01T00:00:00Z',
			versions: [{
				id: '1', resolution: '4k', hdr: 'HDR10', parts: [{fileId: 'f1'}, {fileId: 'f2'}],
			}],
		}),
	];
	const summaries = items.map(item => summarize(item));
	const line = summaryLine(summaries);
	t.false(line.includes('\n'));
	t.deepEqual(readSummaryLine(line), summaries);
});

test('a line that is none is refused', t => {
	t.throws(() => readSummaryLine('[["i1","movi'), {instanceOf: SyntaxError});
});
