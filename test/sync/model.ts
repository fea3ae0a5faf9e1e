import test from 'ava';
import fc from 'fast-check';
import {createLookupStore} from '../helpers/alike-items.js';
import {modelSteps, playModel} from '../helpers/sync-model.js';

test('whatever happens on the server, after each sync the catalogue is what a fresh import gives, and its history leads back', async t => {
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(modelSteps(6), async steps => playModel(steps)), {numRuns: 4, endOnFailure: true, includeErrorInReport: true}));
});

test('the same holds when the items that the server speaks of are touched before each sync', async t => {
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(modelSteps(6), async steps => playModel(steps, {isTouched: true})), {numRuns: 4, endOnFailure: true, includeErrorInReport: true}));
});

test('the same holds when single items are looked up where nothing is kept', async t => {
	const openStore = async () => createLookupStore();
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(modelSteps(6), async steps => playModel(steps, {isTouched: true, openStore})), {numRuns: 4, endOnFailure: true, includeErrorInReport: true}));
});
