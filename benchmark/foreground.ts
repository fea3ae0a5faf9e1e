import {percentile} from './judge.js';

const gapMs = 50;

/**
What an app asks for while somebody browses: an item, the libraries, a row of a screen, the seasons of a show.
*/
const requests: ReadonlyArray<[path: string, size?: number]> = [
	['/library/metadata/KEY?skipRefresh=1'],
	['/library/sections'],
	['/library/sections/1/all?type=1&sort=addedAt:desc', 12],
	['/library/metadata/KEY?skipRefresh=1'],
];

export type Felt = {p50: number; p95: number; requests: number};

/**
A second client of the server, a person with an app: a small request every 50 ms, whether those before are answered or not.
*/
export const startForeground = async ({url, token}: {url: string; token: string}) => {
	const headers = {accept: 'application/json', 'x-plex-token': token};
	const get = async (path: string, size = 50) => {
		const startedMs = performance.now();
		const response = await fetch(url + path, {headers: {...headers, 'x-plex-container-start': '0', 'x-plex-container-size': String(size)}});
		const text = await response.text();
		return {ms: performance.now() - startedMs, text};
	};

	const {text} = await get('/library/sections/1/all?type=1');
	const {MediaContainer: {Metadata: rows}} = JSON.parse(text) as {MediaContainer: {Metadata: Array<{ratingKey: string}>}};
	const latencies: number[] = [];
	const faults: unknown[] = [];
	let sent = 0;
	const timer = setInterval(() => {
		const [path, size] = requests[sent % requests.length]!;
		const {ratingKey} = rows[sent % rows.length]!;
		sent++;
		get(path.replace('KEY', ratingKey), size).then(({ms}) => {
			latencies.push(ms);
		}, (error: unknown) => {
			faults.push(error);
		});
	}, gapMs);

	return {
		/**
		What was felt since this was asked last.
		*/
		take(): Felt {
			if (faults.length > 0) {
				throw new Error(`${faults.length} requests of the foreground client failed.`);
			}

			const taken = latencies.splice(0);
			return {p50: percentile(taken, 0.5), p95: percentile(taken, 0.95), requests: taken.length};
		},
		stop() {
			clearInterval(timer);
		},
	};
};
