const gapMs = 50;

/**
The requests of an app in which somebody browses: an item, the libraries, a row of a screen, the seasons of a show.
*/
const requests: ReadonlyArray<[path: string, size?: number]> = [
	['/library/metadata/KEY?skipRefresh=1'],
	['/library/sections'],
	['/library/sections/1/all?type=1&sort=addedAt:desc', 12],
	['/library/metadata/KEY?skipRefresh=1'],
];

/**
A second client of the server, like a person with an app. It sends a small request every 50 ms, even if earlier ones are not answered yet.
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
	const feel = async (path: string, size: number | undefined) => {
		try {
			const {ms} = await get(path, size);
			latencies.push(ms);
		} catch (error) {
			faults.push(error);
		}
	};

	const timer = setInterval(() => {
		const [path, size] = requests[sent % requests.length]!;
		const {ratingKey} = rows[sent % rows.length]!;
		sent++;
		void feel(path.replaceAll('KEY', () => ratingKey), size);
	}, gapMs);

	return {
		/**
		Milliseconds that the answers since the last call took.
		*/
		take(): number[] {
			if (faults.length > 0) {
				throw new Error(`${faults.length} requests of the foreground client failed.`);
			}

			return latencies.splice(0);
		},
		stop() {
			clearInterval(timer);
		},
	};
};
