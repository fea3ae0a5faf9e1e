import test from 'ava';
import {staleDocuments} from '../../docs/documents.js';

test('the generated documents say what the code says', async t => {
	t.deepEqual(await staleDocuments(), [], 'Run: npx tsx docs/generate.ts');
});
