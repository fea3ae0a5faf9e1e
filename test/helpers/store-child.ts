import process from 'node:process';
import {openPlace} from './open-place.js';
import {item, person, put} from './store-records.js';

/**
A writer that a test kills. It commits for ever and prints `begin n` before and `done n` after each commit. Every commit writes its number into the same records, in growing and shrinking lines, and the document is rewritten often.
*/
const [folder = '', rewriteBytes = '20000', pauseMs = '0'] = process.argv.slice(2);
const store = await openPlace(folder, {rewriteBytes: Number(rewriteBytes)});
await store.load();
process.stdout.write(`${store.mode}\n`);
const counter = await store.get('p1');
const start = counter?.kind === 'person' ? Number(counter.name) + 1 : 1;
for (let number = start; store.mode === 'writer'; number++) {
	process.stdout.write(`begin ${number}\n`);
	const records = Array.from({length: 12}, (_, index) => item(`i${index}`, {
		title: String(number), summary: 'x'.repeat(((number * 37) + (index * 101)) % 1500), cast: [{personId: 'p1'}],
	}));
	await put(store, ...records, {...person('p1'), name: String(number)}, item(`n${number % 200}`));
	process.stdout.write(`done ${number}\n`);
	await new Promise(resolve => {
		setTimeout(resolve, Number(pauseMs));
	});
}
