import test from 'ava';
import {importJson, importJsonSchema} from '../../source/reports/results/run-result.js';
import type {ImportResult} from '../../source/sync/events.js';

const result: ImportResult = {
	ok: false,
	cancelled: false,
	libraries: [{
		id: 'f', title: 'Films', expected: 3, imported: 1, unchanged: 1, failed: 1, skipped: 0, durationMs: 12, complete: true,
	}],
	errors: [{
		library: {id: 'f', title: 'Films'},
		ratingKey: undefined,
		title: 'Alien',
		stage: 'detail',
		code: 'timeout',
		message: 'The server did not answer.',
		hint: 'Try again.',
	}],
	runId: 'run-1',
	requests: 4,
	bytes: 5,
	durationMs: 13,
};

test('the object that import --json ends with has the promised fields, and no other', t => {
	t.deepEqual(importJson(result), {
		schema: 1,
		ok: false,
		libraries: [{
			id: 'f', title: 'Films', expected: 3, imported: 1, unchanged: 1, failed: 1, skipped: 0, durationMs: 12,
		}],
		errors: [{
			library: 'f', title: 'Alien', stage: 'detail', code: 'timeout', message: 'The server did not answer.', hint: 'Try again.',
		}],
		requests: 4,
		bytes: 5,
	});
	t.deepEqual(importJsonSchema.parse(importJson(result)), importJson(result));
});
