import process from 'node:process';
import {openCatalog} from '../../source/store/open-catalog.js';
import {item, person, put} from './store-records.js';

/**
A process that a test kills. It restores a backup and commits, again and again, and prints a line after each.
*/
const [folder = '', backup = ''] = process.argv.slice(2);
for (let number = 1; ; number++) {
	const store = await openCatalog({folder, restoreFrom: backup});
	await store.load();
	process.stdout.write(`restored ${number}\n`);
	const title = String(number);
	await put(store, ...Array.from({length: 12}, (_, index) => item(`i${index}`, {title, cast: [{personId: 'p1'}]})), {...person('p1'), name: title});
	process.stdout.write(`done ${number}\n`);
	await store.close({isQuick: number % 2 === 0});
}
