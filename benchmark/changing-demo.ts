/**
A demo server in its own process. Its first movie library changes on command. It prints its address first, then a line for each change with the title that it made and the time.

Usage: tsx benchmark/changing-demo.ts MOVIES SHOWS, then lines on stdin: `change COUNT PER_SECOND`, `requests`
*/
import process from 'node:process';
import {createInterface} from 'node:readline';
import type {PlexRow} from '../source/demo/library/row.js';
import {startDemoServer} from '../source/demo/server.js';

const [movies, shows] = process.argv.slice(2).map(Number);
const server = await startDemoServer({movies, shows});
const sectionKey = '1';
let made = 0;

const tell = (value: unknown) => {
	process.stdout.write(`${JSON.stringify(value)}\n`);
};

const changeOne = () => {
	made++;
	const title = `Change ${made}`;
	const total = server.library.total(sectionKey, 1);
	const [row] = server.library.page(sectionKey, 1, {start: (made * 7919) % total, size: 1}) as PlexRow[];
	const atMs = Date.now();
	if (made % 3 === 0) {
		const ratingKey = String(9_000_000 + made);
		server.library.addItem(sectionKey, 1, {
			...server.library.row(row!.ratingKey)!, ratingKey, key: `/library/metadata/${ratingKey}`, title, guid: `plex://movie/${ratingKey}`, Guid: [], Media: [],
		});
	} else {
		server.library.changeItem(row!.ratingKey, changed => {
			changed.title = title;
			changed.updatedAt = Math.floor(atMs / 1000);
		});
	}

	tell({title, atMs});
};

tell({url: server.url, token: server.token});
for await (const line of createInterface({input: process.stdin})) {
	const [word, count, perSecond] = line.split(' ', 3);
	if (word === 'requests') {
		tell({requests: server.requests.total()});
	} else if (word === 'change') {
		let left = Number(count);
		const timer = setInterval(() => {
			changeOne();
			left--;
			if (left === 0) {
				clearInterval(timer);
			}
		}, 1000 / Number(perSecond));
	}
}
