import {linkSignals, realSleep, type Sleep} from '../base/abort.js';
import {AppError, isAppError} from '../base/errors.js';
import {
	rankCandidates,
	type Candidate,
	type ServerAddresses,
} from './candidate-ranking.js';
import type {Identify} from './identify.js';
import {cancelled} from './transport.js';

type Result = {
	/**
	Time from the request to the complete answer. When both this and `failure` are absent, we stopped waiting for the answer.
	*/
	latencyMs?: number;
	failure?: AppError;
};
type Probe = Candidate & Result;
type Success = Probe & {latencyMs: number};

export type ChosenConnection = {
	winner: Omit<Success, 'rank'>;
	/**
	In order of preference.
	*/
	others: Array<Omit<Probe, 'rank'>>;
};

type ChooseOptions = {
	identify: Identify;
	/**
	For each address.
	*/
	timeoutMs?: number;
	/**
	How long we wait for a better address after the first success.
	*/
	graceMs?: number;
	signal?: AbortSignal;
	sleep?: Sleep;
	now?: () => number;
};

/**
Tries all addresses of a server at the same time, without a token, and takes the best that leads to this very server: an address may belong to another machine by now.

@throws AppError `unreachable` that tells for each address what is wrong with it; `cancelled`
*/
export const chooseConnection = async (server: ServerAddresses, options: ChooseOptions): Promise<ChosenConnection> => {
	const probes = await race(server.id, rankCandidates(server), options);
	const winner = bestOf(probes);
	if (winner === undefined) {
		throw unreachable(probes);
	}

	return {
		winner: shown(winner),
		others: probes.filter(probe => probe !== winner).map(probe => shown(probe)),
	};
};

const shown = <Kind extends Probe>({rank: _, ...probe}: Kind) => probe;

const bestOf = (probes: readonly Probe[]): Success | undefined => probes
	.filter((probe): probe is Success => probe.latencyMs !== undefined)
	.toSorted((a, b) => a.rank === b.rank ? a.latencyMs - b.latencyMs : a.rank - b.rank)[0];

/**
Ends when no better address can still succeed, or when the grace period is over.
*/
const race = async (serverId: string, candidates: readonly Candidate[], options: ChooseOptions): Promise<Probe[]> => {
	const {sleep = realSleep, graceMs = 500} = options;
	const ending = new AbortController();
	const {signal, unlink} = linkSignals([ending.signal, options.signal]);
	const probes: Probe[] = candidates.map(candidate => ({...candidate}));
	const waiting = new Set(probes);
	const {promise: decision, resolve: decide, reject} = Promise.withResolvers<void>();
	let hasGrace = false;

	const review = () => {
		const best = bestOf(probes);
		if (!waiting.values().some(({rank}) => best === undefined || rank < best.rank)) {
			decide();
		} else if (best !== undefined && !hasGrace) {
			hasGrace = true;
			// The sleep rejects only when the race is over anyway.
			sleep(graceMs, signal).then(decide).catch(decide);
		}
	};

	const run = async (probe: Probe) => {
		try {
			Object.assign(probe, await tryOut(probe.uri, serverId, {...options, signal}));
			waiting.delete(probe);
			review();
		} catch (error) {
			reject(error);
		}
	};

	signal.addEventListener('abort', () => {
		decide();
	});
	for (const probe of signal.aborted ? [] : probes) {
		void run(probe);
	}

	try {
		await (signal.aborted || probes.length === 0 ? undefined : decision);
		if (signal.aborted) {
			throw cancelled();
		}

		// The remaining attempts are aborted now. The copies keep that from showing up as failures.
		return probes.map(probe => ({...probe}));
	} finally {
		ending.abort();
		unlink();
	}
};

const tryOut = async (
	uri: string,
	serverId: string,
	{identify, signal: outer, timeoutMs = 4000, sleep = realSleep, now = () => performance.now()}: ChooseOptions & {signal: AbortSignal},
): Promise<Result> => {
	const ending = new AbortController();
	const {signal, unlink} = linkSignals([ending.signal, outer]);
	const tooLate = async (): Promise<never> => {
		await sleep(timeoutMs, signal);
		throw new AppError('timeout', `${hostOf(uri)} gave no answer within ${timeoutMs / 1000} s.`, {
			hint: 'Check that the machine is on; a firewall may be in the way.',
		});
	};

	const beganMs = now();
	try {
		const {id} = await Promise.race([identify(uri, signal), tooLate()]);
		if (id === serverId) {
			return {latencyMs: Math.round(now() - beganMs)};
		}

		throw new AppError('not-plex', `${hostOf(uri)} is the address of another Plex server.`, {
			hint: 'The address has gone to another machine since: look the server up again, or give its new address.',
		});
	} catch (error) {
		if (outer.aborted) {
			return {failure: cancelled()};
		}

		if (isAppError(error)) {
			return {failure: error};
		}

		throw error;
	} finally {
		ending.abort();
		unlink();
	}
};

const hostOf = (uri: string) => new URL(uri).host;

const unreachable = (probes: readonly Probe[]): AppError => {
	if (probes.length === 0) {
		return new AppError('unreachable', 'No address is known under which this machine could reach the server.', {
			hint: 'Give the address of the server yourself.',
		});
	}

	const failures = probes.map(({uri, failure}) => `${shortened(uri)} (${reasonOf(uri, failure)})`);
	const telling = probes.find(({failure}) => failure !== undefined && !isCommon(failure))?.failure?.hint;
	return new AppError('unreachable', `No address of the server works: ${failures.join('; ')}.`, {
		hint: telling ?? 'Check that the server is on, and that a network or a VPN leads from this machine to it.',
	});
};

/**
When many addresses are tried, most of them are out of reach from any one place.
*/
const isCommon = ({code}: AppError) => code === 'unreachable' || code === 'timeout';

const reasonOf = (uri: string, failure: AppError | undefined): string => {
	const sentence = failure?.message.replace(/\.$/v, '') ?? 'not tried to the end';
	const host = `${hostOf(uri)} `;
	return sentence.startsWith(host) ? sentence.slice(host.length) : sentence;
};

const maxShownLength = 120;

const shortened = (uri: string) => uri.length > maxShownLength ? `${uri.slice(0, maxShownLength)}…` : uri;
