import {AppError, isAppError} from '../errors.js';

/**
Where a server may be: in this network, somewhere on the internet, or behind a machine of Plex that passes everything on, slowly.
*/
export type Nearness = 'local' | 'remote' | 'relay';

export type Candidate = {
	uri: string;
	nearness: Nearness;
};

/**
What plex.tv says of a server and its addresses.
*/
export type Whereabouts = {
	isOwned: boolean;
	isHttpsRequired: boolean;
	publicAddressMatches: boolean;
	connections: ReadonlyArray<{uri: string; address: string; port: number; protocol: 'http' | 'https'; isLocal: boolean; isRelay: boolean}>;
};

const most = 20;
const nearest: readonly Nearness[] = ['local', 'remote', 'relay'];

/**
Addresses worth a try, best first: local before remote before relay, https before http. Local addresses of somebody else's server are those of another house, unless both go out by the same address ([PA] myplex.py).
*/
export const candidatesOf = ({isOwned, isHttpsRequired, publicAddressMatches, connections}: Whereabouts): Candidate[] => {
	const given = connections
		.filter(({isLocal, isRelay}) => !isLocal || isRelay || isOwned || publicAddressMatches)
		.map(({uri, isLocal, isRelay}): Candidate => ({uri: uri.endsWith('/') ? uri.slice(0, -1) : uri, nearness: isRelay ? 'relay' : (isLocal ? 'local' : 'remote')}));
	const plain = isHttpsRequired
		? []
		: connections
			.filter(({isLocal, isRelay, protocol}) => isLocal && !isRelay && protocol === 'https' && (isOwned || publicAddressMatches))
			.map(({address, port}): Candidate => ({uri: `http://${address.includes(':') ? `[${address}]` : address}:${port}`, nearness: 'local'}));
	return ranked([...given, ...plain]);
};

/**
Each address once, best first.
*/
export const ranked = (candidates: readonly Candidate[]): Candidate[] => {
	const byUri = new Map<string, Candidate>();
	for (const candidate of candidates.toSorted((left, right) => rankOf(left) - rankOf(right))) {
		if (URL.canParse(candidate.uri) && !byUri.has(candidate.uri)) {
			byUri.set(candidate.uri, candidate);
		}
	}

	return byUri.values().take(most).toArray();
};

const rankOf = ({uri, nearness}: Candidate) => (2 * nearest.indexOf(nearness)) + (uri.startsWith('https:') ? 0 : 1);

export type Tried = Candidate & {
	latencyMs: number | undefined;
	failure: AppError | undefined;
};

export type Reached = {
	winner: Tried;
	/**
	The rest, best first; those that had not answered by then have neither latency nor failure.
	*/
	others: Tried[];
};

export type ProbeOptions = {
	serverId: string;
	name: string;
	/**
	Asks who is there, without a token; resolves with the machineIdentifier.
	*/
	identify: (uri: string, signal: AbortSignal) => Promise<string>;
	signal: AbortSignal;
	/**
	How long a better address may take after a worse one has answered.
	*/
	graceMs?: number;
	timeoutMs?: number;
};

/**
Tries all addresses at once, and takes the best that leads to the right server.

@throws AppError `unreachable` that says what failed where, `cancelled`.
*/
export const probe = async (candidates: readonly Candidate[], {serverId, name, identify, signal, graceMs = 500, timeoutMs = 4000}: ProbeOptions): Promise<Reached> => {
	const ending = new AbortController();
	const stop = AbortSignal.any([signal, ending.signal, AbortSignal.timeout(timeoutMs)]);
	const tried: Tried[] = candidates.map(candidate => ({...candidate, latencyMs: undefined, failure: undefined}));
	const isOpen = ({latencyMs, failure}: Tried) => latencyMs === undefined && failure === undefined;
	const best = () => tried.find(({latencyMs}) => latencyMs !== undefined);
	const {promise: decided, resolve: decide} = Promise.withResolvers<void>();
	let grace: NodeJS.Timeout | undefined;

	const settle = () => {
		const first = tried.find(one => isOpen(one) || one.latencyMs !== undefined);
		if (first === undefined || !isOpen(first)) {
			decide();
		} else if (best() !== undefined) {
			grace ??= setTimeout(decide, graceMs);
		}
	};

	const all = Promise.all(tried.map(async one => {
		const startedAtMs = performance.now();
		try {
			const found = await identify(one.uri, stop);
			if (found === serverId) {
				one.latencyMs = Math.round(performance.now() - startedAtMs);
			} else {
				one.failure = new AppError('not-plex', `Another server answers at ${new URL(one.uri).host}.`);
			}
		} catch (error) {
			if (!isAppError(error)) {
				throw error;
			}

			if (error.code === 'cancelled' && ending.signal.aborted) {
				// Something better was found meanwhile.
				return;
			}

			one.failure = error.code === 'cancelled' ? new AppError('timeout', `${new URL(one.uri).host} did not answer in time.`) : error;
		}

		settle();
	}));
	try {
		settle();
		await Promise.race([decided, all]);
	} finally {
		clearTimeout(grace);
		ending.abort();
		await all;
	}

	if (signal.aborted) {
		throw new AppError('cancelled', 'The search for the server was cancelled.');
	}

	const winner = best();
	if (winner === undefined) {
		throw unreachable(name, tried);
	}

	return {winner, others: tried.filter(one => one !== winner)};
};

const unreachable = (name: string, tried: readonly Tried[]) => {
	if (tried.length === 0) {
		return new AppError('unreachable', `No address of ${name} is known that could be tried.`, {hint: 'Name one: reelcat servers add URL'});
	}

	const reasons = tried.slice(0, 6).map(({uri, failure}) => `${new URL(uri).host}: ${failure?.message ?? 'no answer'}`);
	return new AppError('unreachable', `${name} cannot be reached at any of its ${tried.length} addresses.`, {hint: `${reasons.join(' ')} "reelcat doctor" looks closer.`});
};
