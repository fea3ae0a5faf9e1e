import {realSleep, type Sleep} from '../../base/abort.js';
import {AppError, isAppError} from '../../base/errors.js';
import {cancelled} from '../../plex/transport.js';
import {linkUrl, type Pin, type PinCheck} from './account.js';
import type {PlexTv} from './plex-tv.js';

export type SignInEvent =
	| {
		type: 'code-shown';
		/**
		4 characters to type at `linkUrl`. Absent when plex.tv did not create one.
		*/
		code: string | undefined;
		linkUrl: string;
		authUrl: string;
		expiresAtMs: number;
	}
	| {type: 'waiting'; remainingMs: number}
	| {type: 'code-expired'}
	/**
	plex.tv does not answer; it is asked again until the code expires. Reported once, until it answers or another error occurs.
	*/
	| {type: 'trouble'; error: AppError}
	| {type: 'approved'};

export type SignInOptions = {
	plexTv: Pick<PlexTv, 'createPin' | 'checkPin'>;
	report: (event: SignInEvent) => void;
	signal: AbortSignal;
	now?: () => number;
	sleep?: Sleep;
	/**
	Resolves when there should be a new code: at a key press, or at once where nobody can press one.
	*/
	renew: () => Promise<void>;
	maxRenewals?: number;
};

/**
The codes that are shown together: one to type and one in a link. When plex.tv cannot create one of them, or has forgotten it, the other continues alone.
*/
type Offer = {typed: Pin | undefined; linked: Pin | undefined};

/**
Signs in without a password: a person who is signed in to plex.tv approves one of two codes, a short one to type on any device or a long one in a link. Whichever is approved first wins, even when newer codes are shown by then.

@returns The token of the account.

@throws AppError `cancelled` when the signal aborts, `unauthorized` when nobody approved before the last code expired, and why no code could be created.
*/
export const signIn = async (options: SignInOptions): Promise<string> => {
	const {report, signal, renew, maxRenewals = Infinity} = options;
	const watch = createWatch(options);
	try {
		for (let renewals = 0; ; renewals++) {
			const token = await watch(await makeOffer(options));
			if (token !== undefined) {
				report({type: 'approved'});
				return token;
			}

			report({type: 'code-expired'});
			if (renewals >= maxRenewals) {
				throw new AppError('unauthorized', 'Nobody approved the sign-in before the code expired.', {
					hint: `Sign in again with "reelcat login", and enter the code at ${linkUrl}.`,
				});
			}

			await untilAborted(renew(), signal);
		}
	} catch (error) {
		throw signal.aborted ? new AppError('cancelled', 'The sign-in was cancelled.') : error;
	}
};

/**
@returns A function that polls the PINs of an offer, and the older ones that may still be approved, until one is approved or the leader has expired. Each PIN is asked once more after its time, since approval may come in the last second. It returns the token, if any.

@throws The rejection of `sleep` when the signal aborts, and AppError `cancelled`.
*/
const createWatch = ({plexTv, report, signal, now = () => performance.now(), sleep = realSleep}: SignInOptions) => {
	const pace = createPollPace();
	let pins: Pin[] = [];
	let trouble: string | undefined;

	const ask = async (pin: Pin, leader: Pin): Promise<PinCheck['state'] | {token: string}> => {
		try {
			const check = await plexTv.checkPin(pin.id, {signal});
			if (check.state === 'throttled') {
				pace.throttled(check.retryAfterMs);
				return 'throttled';
			}

			pace.answered();
			if (check.state === 'approved') {
				return {token: check.token};
			}

			trouble = undefined;
			report({type: 'waiting', remainingMs: Math.max(0, leader.expiresAtMs - now())});
			return check.state;
		} catch (error) {
			if (!isAppError(error) || error.code === 'cancelled') {
				throw error;
			}

			pace.failed();
			if (trouble !== error.code) {
				trouble = error.code;
				report({type: 'trouble', error});
			}

			return 'waiting';
		}
	};

	return async (offer: Offer): Promise<string | undefined> => {
		const leader = leaderOf(offer);
		report(shown(offer));
		pins = [offer.typed, offer.linked, ...pins].filter(pin => pin !== undefined);
		for (let isLeaderGone = false; ;) {
			await sleep(pace.waitMs(), signal);
			const pin = pins.shift()!;
			const isLastTime = now() >= pin.expiresAtMs;
			const state = await ask(pin, leader);
			if (typeof state === 'object') {
				return state.token;
			}

			if (state !== 'expired' && !isLastTime) {
				pins.push(pin);
			} else if (pin === leader) {
				isLeaderGone = true;
			} else if (pin === offer.linked) {
				report(shown({typed: offer.typed, linked: undefined}));
			}

			if (isLeaderGone && pins.every(({expiresAtMs}) => expiresAtMs > now())) {
				return undefined;
			}
		}
	};
};

/**
The code that a person types must not expire before their eyes.
*/
const leaderOf = ({typed, linked}: Offer): Pin => (typed ?? linked)!;

const shown = (offer: Offer): SignInEvent => ({
	type: 'code-shown',
	code: offer.typed?.code,
	linkUrl,
	authUrl: offer.linked?.authUrl ?? `${linkUrl}/?pin=${leaderOf(offer).code}`,
	expiresAtMs: leaderOf(offer).expiresAtMs,
});

/**
@throws AppError when neither code could be created.
*/
const makeOffer = async ({plexTv, signal}: SignInOptions): Promise<Offer> => {
	const [typed, linked] = await Promise.allSettled([
		plexTv.createPin({isStrong: false, signal}),
		plexTv.createPin({isStrong: true, signal}),
	]);
	if (typed.status === 'rejected' && (linked.status === 'rejected' || signal.aborted)) {
		throw typed.reason as Error;
	}

	return {typed: pinOf(typed), linked: pinOf(linked)};
};

const pinOf = (settled: PromiseSettledResult<Pin>) => settled.status === 'fulfilled' ? settled.value : undefined;

const untilAborted = async (promise: Promise<void>, signal: AbortSignal): Promise<void> => {
	const {promise: aborted, reject} = Promise.withResolvers<never>();
	const abort = () => {
		reject(cancelled());
	};

	signal.addEventListener('abort', abort, {once: true});
	if (signal.aborted) {
		abort();
	}

	try {
		await Promise.race([promise, aborted]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
};

const politeMs = 1000;
const slowestMs = 30_000;
const slowestInTroubleMs = 8000;
const longestRetryAfterMs = 60_000;

/**
How long to wait before plex.tv is asked again. Clients keep to a second, since no limit is published. The wait doubles when plex.tv asks for patience or fails, and each good answer halves it.
*/
const createPollPace = () => {
	let intervalMs = politeMs;
	let waitMs = politeMs;
	return {
		waitMs: () => waitMs,
		answered() {
			intervalMs = Math.max(politeMs, intervalMs / 2);
			waitMs = intervalMs;
		},
		failed() {
			intervalMs = Math.max(intervalMs, Math.min(intervalMs * 2, slowestInTroubleMs));
			waitMs = intervalMs;
		},
		throttled(retryAfterMs = 0) {
			intervalMs = Math.min(intervalMs * 2, slowestMs);
			waitMs = Math.max(intervalMs, Math.min(retryAfterMs, longestRetryAfterMs));
		},
	};
};
