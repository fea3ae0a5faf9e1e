import {htmlAnswer, type DemoAnswer} from '../answer.js';
import {describeRequest, detailKeys, type DemoRequest} from '../request.js';

/**
Which requests a fault affects. `/identity` is no exception.
*/
type FaultScope = {
	/**
	A part of the path with its query (paging headers count as query: `X-Plex-Container-Start=500`), or a pattern for it. All requests when absent.
	*/
	path?: string | RegExp;
	/**
	Let this many matching requests pass first.
	*/
	after?: number;
	/**
	Strike this often, then never again. Without a limit when absent.
	*/
	times?: number;
};

export type DemoFault = FaultScope & (
	| {kind: 'status'; status: 400 | 401 | 403 | 404 | 429 | 500 | 502 | 503 | 504; retryAfterSeconds?: number; body?: 'html' | 'json' | 'xml' | 'empty' | {text: string}}
	/**
	A web page with status 200, as from a proxy or a router.
	*/
	| {kind: 'html200'}
	| {kind: 'redirect'; location: string}
	/**
	The body ends too early, although HTTP itself is correct.
	*/
	| {kind: 'truncatedJson'}
	| {kind: 'malformedJson'}
	/**
	The headers and half of the body, then nothing.
	*/
	| {kind: 'stall'}
	/**
	Not even headers.
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
	/**
	The server cannot read these items: each page and each detail call with one of them fails.
	*/
	| {kind: 'brokenRows'; ratingKeys: readonly string[]}
	| {kind: 'wrongTotal'; delta: number}
	/**
	Every page is the first one.
	*/
	| {kind: 'ignoredStart'}
	/**
	Limits the rows of a page, and announces the rows of the page as all that there are.
	*/
	| {kind: 'totalOfPage'; rows: number}
	/**
	The number of rows is missing from the body, and from the headers as well if told so.
	*/
	| {kind: 'noTotal'; isNowhere?: boolean}
	/**
	Limits the rows of a page.
	*/
	| {kind: 'shortPages'; rows: number}
	| {kind: 'tokenRevoked'}
	/**
	The section disappears for good.
	*/
	| {kind: 'sectionGone'; sectionKey: string}
);

type FaultKind = DemoFault['kind'];

/**
The faults that strike one request, by kind.
*/
export type Strikes = <Kind extends FaultKind>(kind: Kind) => Extract<DemoFault, {kind: Kind}> | undefined;

export type FaultBox = {
	set: (faults: readonly DemoFault[]) => void;
	strike: (request: DemoRequest) => Strikes;
};

export const createFaultBox = (initial: readonly DemoFault[]): FaultBox => {
	let armed: Array<{fault: DemoFault; seen: number}> = [];
	const set = (faults: readonly DemoFault[]) => {
		armed = faults.map(fault => ({fault, seen: 0}));
	};

	set(initial);
	return {
		set,
		strike(request) {
			const struck: DemoFault[] = [];
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

			return <Kind extends FaultKind>(kind: Kind) => struck.find((fault): fault is Extract<DemoFault, {kind: Kind}> => fault.kind === kind);
		},
	};
};

const isInScope = (fault: DemoFault, request: DemoRequest): boolean => {
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
Returns the answer that a fault puts in place of the real one.
*/
export const insteadOf = (strikes: Strikes): DemoAnswer | undefined => {
	const status = strikes('status');
	if (status !== undefined) {
		return statusAnswer(status);
	}

	const redirect = strikes('redirect');
	if (redirect !== undefined) {
		return {
			status: 302, contentType: 'text/html', headers: {Location: redirect.location}, body: '',
		};
	}

	return strikes('html200') === undefined
		? undefined
		: {status: 200, contentType: 'text/html', body: '<!doctype html><html><head><title>Router</title></head><body><p>Welcome to your router.</p></body></html>'};
};

const statusAnswer = ({status, retryAfterSeconds, body = 'html'}: Extract<DemoFault, {kind: 'status'}>): DemoAnswer => {
	const headers: Record<string, string> = retryAfterSeconds === undefined ? {} : {'Retry-After': String(retryAfterSeconds)};
	if (typeof body === 'object') {
		return {
			status, contentType: 'text/plain;charset=utf-8', headers, body: body.text,
		};
	}

	const [title, reason] = status === 503
		? ['Maintenance', 'Plex Media Server is currently running startup maintenance tasks.']
		: ['Error', 'The demo server was told to fail.'];
	const bodies = {
		html: htmlAnswer(status),
		json: {status, contentType: 'application/json', body: JSON.stringify({code: status, title, status: reason})},
		xml: {status, contentType: 'text/xml;charset=utf-8', body: `<Response code="${status}" title="${title}" status="${reason}"/>`},
		empty: {status, contentType: 'text/html', body: ''},
	};
	return {...bodies[body], headers};
};

/**
Returns the answer with its text damaged.
*/
export const spoil = (answer: DemoAnswer, strikes: Strikes): DemoAnswer => {
	if (typeof answer.body !== 'string') {
		return answer;
	}

	if (strikes('truncatedJson') !== undefined) {
		return {...answer, body: answer.body.slice(0, Math.floor(answer.body.length * 0.6))};
	}

	return strikes('malformedJson') === undefined ? answer : {...answer, body: answer.body.replace(/[,\}]/v, '"oops",,')};
};

/**
The faults that only the demo plex.tv has.
*/
export type OwnFault =
	/**
	Adds entries without their fields, or with wrong types, to the right ones.
	*/
	| {kind: 'malformedResources'}
	| {kind: 'emptyResources'}
	| {kind: 'onlyRelay'}
	| {kind: 'onlyIPv6'}
	/**
	A code has expired by the time of the first request for it.
	*/
	| {kind: 'expiredPins'}
	/**
	Codes of one kind cannot be created.
	*/
	| {kind: 'noPins'; isStrong: boolean};

export type PlexTvFault = DemoFault | OwnFault;

export type OwnFaults = <Kind extends OwnFault['kind']>(kind: Kind) => Extract<OwnFault, {kind: Kind}> | undefined;

const ownFaultKinds: ReadonlySet<string> = new Set<OwnFault['kind']>(['malformedResources', 'emptyResources', 'onlyRelay', 'onlyIPv6', 'expiredPins', 'noPins']);

export const isOwnFault = (fault: PlexTvFault): fault is OwnFault => ownFaultKinds.has(fault.kind);
