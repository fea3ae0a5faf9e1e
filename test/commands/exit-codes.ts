import test from 'ava';
import {AppError, type ErrorCode} from '../../source/base/errors.js';
import {exitCodeOfError, exitCodeOfImport} from '../../source/commands/exit-codes.js';
import type {ImportResult, Problem} from '../../source/sync/events.js';

const problem = (code: ErrorCode, stage: Problem['stage'] = 'list'): Problem => ({
	library: {id: 'films', title: 'Films'},
	ratingKey: undefined,
	title: undefined,
	stage,
	code,
	message: '',
	hint: '',
});

const result = (imported: number, errors: Problem[], isCancelled = false): ImportResult => ({
	ok: errors.length === 0 && !isCancelled,
	cancelled: isCancelled,
	libraries: [{
		id: 'films',
		title: 'Films',
		expected: imported + errors.length,
		imported,
		unchanged: 0,
		failed: errors.length,
		skipped: 0,
		durationMs: 1,
		complete: errors.length === 0,
	}],
	errors,
	runId: 'run-1',
	requests: 1,
	bytes: 1,
	durationMs: 1,
});

test('each kind of error has the exit code that is promised for it', t => {
	const promised: Array<[ErrorCode, number]> = [
		['usage', 2],
		['unauthorized', 4],
		['forbidden', 4],
		['unreachable', 5],
		['timeout', 5],
		['starting-up', 5],
		['not-plex', 5],
		['tls', 5],
		['locked', 6],
		['damaged', 7],
		['newer', 7],
		['disk-full', 8],
		['not-writable', 8],
		['cancelled', 130],
		['not-found', 1],
	];
	for (const [code, exitCode] of promised) {
		t.is(exitCodeOfError(new AppError(code, '')), exitCode, code);
	}

	t.is(exitCodeOfError(new Error('a bug')), 1);
});

test('an import that kept everything ends with 0, and one that kept something with 3', t => {
	t.is(exitCodeOfImport(result(5, [])), 0);
	t.is(exitCodeOfImport(result(5, [problem('server-error')])), 3);
	t.is(exitCodeOfImport(result(5, [problem('unreachable')])), 3);
});

test('what ends all work until a person mends it decides, even after part of the work', t => {
	t.is(exitCodeOfImport(result(5, [problem('unauthorized')])), 4);
	t.is(exitCodeOfImport(result(5, [problem('server-error'), problem('unauthorized', 'detail')])), 4);
	t.is(exitCodeOfImport(result(5, [problem('forbidden')])), 3);
	t.is(exitCodeOfImport(result(5, [problem('unauthorized'), problem('locked')])), 6);
	t.is(exitCodeOfImport(result(5, [problem('damaged')])), 7);
	t.is(exitCodeOfImport(result(5, [problem('unauthorized'), problem('disk-full', 'save')])), 8);
});

test('an import that left a library incomplete is partly done, whatever its flag says', t => {
	const [films] = result(5, []).libraries;
	t.is(exitCodeOfImport({...result(5, []), libraries: [{...films!, complete: false}]}), 3);
});

test('an import that kept nothing ends with the code of its error', t => {
	t.is(exitCodeOfImport(result(0, [problem('unauthorized')])), 4);
	t.is(exitCodeOfImport(result(0, [problem('unreachable')])), 5);
	t.is(exitCodeOfImport(result(0, [problem('server-error')])), 1);
});

test('a disk that takes no more is told before all else, a cancelled import before that', t => {
	t.is(exitCodeOfImport(result(5, [problem('server-error'), problem('disk-full', 'save')])), 8);
	t.is(exitCodeOfImport(result(5, [problem('disk-full', 'save')], true)), 130);
});
