import {realSleep, type Sleep} from '../../base/abort.js';
import {AppError} from '../../base/errors.js';
import {cancelled} from '../../plex/transport.js';
import {linkUrl, type Pin} from './account.js';
import type {PlexTv} from './plex-tv.js';
import {createPollPace, watchPins} from './watch-pins.js';

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
	/**
	The same clock as in `plexTv`.
	*/
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

const createWatch = ({plexTv, report, signal, now = () => performance.now(), sleep = realSleep}: SignInOptions) => {
	const pace = createPollPace();
	let older: readonly Pin[] = [];
	let trouble: string | undefined;
	return async (offer: Offer): Promise<string | undefined> => {
		const leader = leaderOf(offer);
		report(shown(offer));
		const outcome = await watchPins({
			plexTv,
			pins: [offer.typed, offer.linked, ...older].filter(pin => pin !== undefined),
			leader,
			pace,
			now,
			sleep,
			signal,
			onAnswer() {
				trouble = undefined;
				report({type: 'waiting', remainingMs: Math.max(0, leader.expiresAtMs - now())});
			},
			onTrouble(error) {
				if (trouble === error.code) {
					return;
				}

				trouble = error.code;
				report({type: 'trouble', error});
			},
			onGone(pin) {
				if (pin === offer.linked) {
					report(shown({typed: offer.typed, linked: undefined}));
				}
			},
		});
		if (outcome.token === undefined) {
			older = outcome.left;
		}

		return outcome.token;
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
Creates both codes at the same time.

@throws AppError when neither could be created.
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
