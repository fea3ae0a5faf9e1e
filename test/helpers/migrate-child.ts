import process from 'node:process';
import {migrateCatalog} from '../../source/store/copy/migrate-catalog.js';
import {placeOf} from './stored-place.js';

/**
Copies a catalogue for a test that kills it, and prints how far it is.
*/
const [from = '', to = ''] = process.argv.slice(2);
await migrateCatalog({
	from: placeOf(from),
	to: placeOf(to),
	isDry: false,
	signal: new AbortController().signal,
	onProgress({phase, done}) {
		process.stdout.write(`${phase} ${done}\n`);
	},
	say() {/* only the progress counts */},
});
