import test from 'ava';
import {readMoment} from '../../../source/base/text/moments.js';

const now = new Date('2026-05-08T10:30:00.750Z');

test('durations count back from now', t => {
	t.deepEqual(['90m', '12h', '7d', '4w', '0d'].map(text => readMoment(text, now)), [
		'2026-05-08T09:00:00Z', '2026-05-07T22:30:00Z', '2026-05-01T10:30:00Z', '2026-04-10T10:30:00Z', '2026-05-08T10:30:00Z',
	]);
	t.is(readMoment('6mo', now)?.slice(0, 10), '2025-11-08');
	t.is(readMoment('1y', now)?.slice(0, 10), '2025-05-08');
});

test('dates are of the local time zone unless they say another', t => {
	const local = (...parts: [number, number, number, number, number]) => `${new Date(...parts).toISOString().slice(0, 19)}Z`;
	t.is(readMoment('2026-05-01', now), local(2026, 4, 1, 0, 0));
	t.is(readMoment('2026-05-01 18:30', now), local(2026, 4, 1, 18, 30));
	t.is(readMoment('2026-05-01T18:30', now), local(2026, 4, 1, 18, 30));
	t.is(readMoment('2026-05-01T18:30:05Z', now), '2026-05-01T18:30:05Z');
	t.is(readMoment('2026-05-01T18:30+02:00', now), '2026-05-01T16:30:00Z');
});

test('ages in words, and days by their names', t => {
	t.deepEqual(['1week', '2 Days ago', '1 month', '3years', '5min', '7D'].map(text => readMoment(text, now)), ['7d', '2d', '1mo', '3y', '5m', '7d'].map(text => readMoment(text, now)));
	// It is a Friday.
	const friday = new Date(2026, 4, 8, 12);
	const days = ['today', 'Yesterday', 'thursday', 'last Saturday', 'friday'].map(text => readMoment(text, friday));
	t.deepEqual(days, [8, 7, 7, 2, 1].map(day => readMoment(`2026-05-0${day}`, friday)));
});

test('anything else is no moment', t => {
	const others = ['', '7', '7x', 'd', '-7d', '2026-13-01', '2026-02-30', '2026-05-01T25:00', '2026', '01.05.2026', 'latest', 'last week', 'someday', '1234567d', '9999y', '999999y'];
	t.deepEqual(others.filter(text => readMoment(text, now) !== undefined), []);
});
