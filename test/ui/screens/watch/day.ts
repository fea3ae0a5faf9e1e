import test from 'ava';
import fc from 'fast-check';
import {daySpans, outcomesOfDay} from '../../../../source/ui/screens/watch/day.js';
import {lineText} from '../../../../source/ui/line.js';
import {asciiGlyphs, createTheme} from '../../../../source/ui/theme.js';
import {job, today} from '../../../helpers/fake-watch.js';

const {glyphs} = createTheme({isColor: false, isAscii: false});
const now = new Date(today(12));
const fault = {code: 'timeout' as const, message: 'No answer.'};

const jobs = [
	job('runs', {state: 'running', startedAt: today(11, 59)}),
	job('queued'),
	job('fails', {state: 'waiting', startedAt: today(9, 10), fault}),
	job('quiet', {state: 'done', finishedAt: today(9, 20)}),
	job('changes', {state: 'done', finishedAt: today(6, 40), changes: {added: 3}}),
	job('none', {state: 'done', finishedAt: today(6, 10), changes: {added: 0}}),
	job('cancelled', {state: 'cancelled', finishedAt: today(0, 5)}),
	job('yesterday', {state: 'done', finishedAt: today(-13)}),
];

test('each part of the last 24 hours has its worst outcome, and what is older is left out', t => {
	t.is(lineText(daySpans(jobs, now, {columns: 100, glyphs})), '  Last 24 h  ························-···········✓~····✗····▸');
	t.is(lineText(daySpans(jobs, now, {columns: 50, glyphs})), '  Last 24 h  ············-·····~··✗·▸');
	t.is(lineText(daySpans(jobs, now, {columns: 50, glyphs: asciiGlyphs})), '  Last 24 h  ............-.....~..x.*');
});

test('a later job never makes a part look better', t => {
	const one = fc.record({
		state: fc.constantFrom('done' as const, 'cancelled' as const, 'running' as const, 'parked' as const),
		hours: fc.integer({min: -20, max: 12}),
		added: fc.integer({min: 0, max: 1}),
	}).map(({state, hours, added}) => job('any', {
		state, finishedAt: today(hours), changes: {added}, ...state === 'parked' && {fault},
	}));
	const ranks = ['none', 'cancelled', 'done', 'changed', 'running', 'failed'];
	t.notThrows(() => {
		fc.assert(fc.property(fc.array(one), one, fc.integer({min: 1, max: 48}), (before, more, parts) => {
			const first = outcomesOfDay(before, now, parts);
			const second = outcomesOfDay([...before, more], now, parts);
			return second.length === parts && second.every((outcome, part) => ranks.indexOf(outcome) >= ranks.indexOf(first[part]!));
		}));
	});
});
