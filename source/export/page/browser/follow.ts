import {noRevision} from '../page-data.js';
import {makeButton} from './dom.js';

const askEveryMs = 30_000;

/**
A page that nobody has touched for this time, as on a television, shows by itself what is new.
*/
const restMs = 300_000;

const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

/**
Asks the server from time to time whether the catalogue has changed, and offers to show it. While the server is away, the page goes on with what it has. A file has no server.
*/
export const followServer = (revision: number): void => {
	if (revision === noRevision) {
		return;
	}

	let touchedMs = performance.now();
	let notice: HTMLElement | undefined;
	const touch = () => {
		touchedMs = performance.now();
	};

	for (const type of inputs) {
		document.addEventListener(type, touch, {passive: true});
	}

	const showAgain = () => {
		location.reload();
	};

	const ask = async () => {
		if (document.hidden) {
			return;
		}

		// The page may have been opened with the password in its address. Relative addresses then have it too, and fetch takes none of these.
		const answer = await fetch(new URL('page/revision', location.href), {cache: 'no-store'});
		const {revision: now} = await answer.json() as {revision?: number};
		if (now === undefined || now === revision || !answer.ok) {
			return;
		}

		if (performance.now() - touchedMs >= restMs) {
			showAgain();
			return;
		}

		if (notice !== undefined) {
			return;
		}

		notice = makeButton('The catalogue has changed. Show it', {class: 'notice'}, showAgain);
		document.body.append(notice);
	};

	const askQuietly = async () => {
		try {
			await ask();
		} catch {
			// The server is away, or asks for its token again; the next time may be better.
		}
	};

	setInterval(() => {
		void askQuietly();
	}, askEveryMs);
};
