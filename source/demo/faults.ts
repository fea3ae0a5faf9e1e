import {describeRequest, type DemoRequest} from './request.js';

/**
Which requests a fault meets. `/identity` is met like any other.
*/
export type FaultScope = {
	/**
	A part of the path with its query (paging headers count as query: `X-Plex-Container-Start=500`), or a pattern for it. All requests when absent.
	*/
	path?: string | RegExp;
	/**
	Let this many matching requests pass first.
	*/
	after?: number;
	/**
	Strike this often, then never again; without it, always.
	*/
	times?: number;
};

export type Fault = FaultScope & (
	| {kind: 'status'; status: 400 | 401 | 403 | 404 | 429 | 500 | 502 | 503 | 504; retryAfterSeconds?: number; body?: 'html' | 'json' | 'xml' | 'empty' | {text: string}}
	/**
	A web page with status 200, as from a proxy or a router.
	*/
	| {kind: 'html200'}
	| {kind: 'redirect'; location: string}
	/**
	The body ends too early, though HTTP is content.
	*/
	| {kind: 'truncatedJson'}
	| {kind: 'malformedJson'}
	/**
	Head and half of the body, then nothing.
	*/
	| {kind: 'stall'}
	/**
	Not even a head.
	*/
	| {kind: 'silence'}
	/**
	The connection is reset before the answer, or in the middle of the body.
	*/
	| {kind: 'reset'}
	| {kind: 'cut'}
	| {kind: 'slow'; delayMs: number}
	| {kind: 'hugeBody'; sizeBytes: number}
	/**
	A detail call that includes this item fails.
	*/
	| {kind: 'brokenItem'; ratingKey: string; status?: 500 | 503}
	| {kind: 'wrongTotal'; delta: number}
	| {kind: 'noTotal'}
	/**
	Never more rows in a page than this.
	*/
	| {kind: 'shortPages'; rows: number}
	| {kind: 'tokenRevoked'}
	/**
	The section disappears, for good.
	*/
	| {kind: 'sectionGone'; sectionKey: string}
);

export type FaultKind = Fault['kind'];

/**
The faults that strike one request, by kind.
*/
export type Strikes = <Kind extends FaultKind>(kind: Kind) => Extract<Fault, {kind: Kind}> | undefined;

export type FaultBox = {
	set: (faults: readonly Fault[]) => void;
	strike: (request: DemoRequest) => Strikes;
};

export const createFaultBox = (initial: readonly Fault[]): FaultBox => {
	let armed: Array<{fault: Fault; seen: number}> = [];
	const set = (faults: readonly Fault[]) => {
		armed = faults.map(fault => ({fault, seen: 0}));
	};

	set(initial);
	return {
		set,
		strike(request) {
			const struck: Fault[] = [];
			for (const entry of armed) {
				const {after = 0, times = Infinity} = entry.fault;
				if (!isInScope(entry.fault, request)) {
					continue;
				}

				entry.seen++;
				if (entry.seen > after && entry.seen <= after + times) {
					struck.push(entry.fault);
				}
			}

			return <Kind extends FaultKind>(kind: Kind) => struck.find((fault): fault is Extract<Fault, {kind: Kind}> => fault.kind === kind);
		},
	};
};

const isInScope = (fault: Fault, request: DemoRequest): boolean => {
	if (fault.kind === 'brokenItem' && !detailKeys(request.path).includes(fault.ratingKey)) {
		return false;
	}

	const {path} = fault;
	if (path === undefined) {
		return true;
	}

	const text = describeRequest(request);
	return typeof path === 'string' ? text.includes(path) : text.search(path) !== -1;
};

/**
The ratingKeys of a detail call; empty for any other path.
*/
export const detailKeys = (path: string): string[] => /^\/library\/metadata\/(?<keys>[^\/]+)$/v.exec(path)?.groups?.['keys']?.split(',') ?? [];
