import {describeRequest, type DemoRequest} from '../request.js';

const kept = 1000;

/**
Records the requests to the server, for tests. It keeps the latest 1,000 requests, and counts by kind of path.
*/
export type RequestLog = {
	total: () => number;
	/**
	Requests that are being answered now, and the maximum so far.
	*/
	inFlight: () => number;
	mostInFlight: () => number;
	/**
	Paths with their query, including paging headers but no token; oldest first.
	*/
	latest: () => string[];
	/**
	By path, with ids written as `{id}`.
	*/
	counts: () => Record<string, number>;
	reset: () => void;
};

type RequestRecorder = RequestLog & {
	started: (request: DemoRequest) => void;
	ended: () => void;
};

export const createRequestLog = (): RequestRecorder => {
	let latest: string[] = [];
	let counts = new Map<string, number>();
	let total = 0;
	let inFlight = 0;
	let mostInFlight = 0;
	return {
		total: () => total,
		inFlight: () => inFlight,
		mostInFlight: () => mostInFlight,
		latest: () => latest.slice(-kept),
		counts: () => Object.fromEntries(counts),
		reset() {
			latest = [];
			counts = new Map();
			total = 0;
			mostInFlight = inFlight;
		},
		started(request) {
			total++;
			inFlight++;
			mostInFlight = Math.max(mostInFlight, inFlight);
			latest.push(describeRequest(request));
			if (latest.length > 2 * kept) {
				latest = latest.slice(-kept);
			}

			const kind = request.path.replaceAll(/\/\d[\d,]*/gv, '/{id}');
			if (counts.has(kind) || counts.size < kept) {
				counts.set(kind, (counts.get(kind) ?? 0) + 1);
			}
		},
		ended() {
			inFlight--;
		},
	};
};
