import {access, readFile} from 'node:fs/promises';
import test from 'ava';
import {staleDocuments} from '../../docs/documents.js';

test('the generated documents say what the code says', async t => {
	t.deepEqual(await staleDocuments(), [], 'Run: npx tsx docs/generate.ts');
});

test('each test and script that docs/security.md names is there', async t => {
	const text = await readFile('docs/security.md', 'utf8');
	const files = new Set(Array.from(text.matchAll(/`(?<file>test\/[\w\-.\/]+)`/gv), ({groups}) => groups!['file']!));
	t.true(files.size > 50);
	for (const file of files) {
		await t.notThrowsAsync(access(file), file);
	}

	const {scripts} = JSON.parse(await readFile('package.json', 'utf8')) as {scripts: Record<string, string>};
	for (const {groups} of text.matchAll(/`npm run (?<script>[\w:]+)/gv)) {
		t.true(Object.hasOwn(scripts, groups!['script']!), `There is no npm run ${groups!['script']}`);
	}
});
