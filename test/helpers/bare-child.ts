import {mkdir, open} from 'node:fs/promises';
import process from 'node:process';

/**
The counterpart of `store-child` without the store: it appends blocks of a given size that hold their number, and syncs each one.
*/
const [folder = '', blockBytes = ''] = process.argv.slice(2);
await mkdir(folder, {recursive: true});
const handle = await open(`${folder}/blocks`, 'a');
const {size} = await handle.stat();
for (let number = (size / Number(blockBytes)) + 1; ; number++) {
	process.stdout.write(`begin ${number}\n`);
	await handle.appendFile(String(number).padEnd(Number(blockBytes)));
	await handle.datasync();
	process.stdout.write(`done ${number}\n`);
}
