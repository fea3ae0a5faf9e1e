import {AppError} from '../base/errors.js';
import {failure, type Failure, type Target} from './failure.js';
import {httpsOnly} from './network-failure.js';

export type StatusAnswer = {
	status: number;
	/**
	The beginning of the body, to be searched, never shown.
	*/
	text: string;
	retryAfterMs: number | undefined;
};

/**
What a status that is not a success means. The bodies are HTML, XML or JSON, whatever was asked for, so the status decides.
*/
export const statusFailure = (answer: StatusAnswer, target: Target): Failure => {
	const {status, retryAfterMs} = answer;
	if (status === 503 && /maintenance|starting up|startup/iv.test(answer.text)) {
		return startingUp(target, retryAfterMs);
	}

	if (status === 429) {
		return failure(new AppError('rate-limited', `${target.host} asks for fewer requests.`, {
			hint: 'Wait a few minutes, then try again with --concurrency 1.',
		}), 'often', retryAfterMs);
	}

	if (status >= 500) {
		return failure(new AppError('server-error', `${target.host} could not answer ${target.label}: it reports an error of its own (${status}).`, {
			hint: 'The server may be busy or about to start. Try again later; its log says more.',
		}), [500, 502, 503, 504].includes(status) ? 'often' : 'never', retryAfterMs);
	}

	if (status === 400 && /https port/iv.test(answer.text)) {
		return httpsOnly(target);
	}

	return target.isProbe ? probeFailure(status, target) : refusal(status, target);
};

const startingUp = ({host}: Target, retryAfterMs: number | undefined) => failure(new AppError('starting-up', `The Plex server at ${host} is starting up or being upgraded.`, {
	hint: 'Wait a minute and try again; after a large upgrade it can take an hour.',
}), 'briefly', retryAfterMs);

const probeFailure = (status: number, {host}: Target) => {
	if (status === 401) {
		return failure(new AppError('unauthorized', `What answers at ${host} asks for a login of its own before it says whether it is Plex.`, {
			hint: 'A proxy may stand before the server: use the address of the server itself.',
		}));
	}

	return failure(new AppError('not-plex', `What answers at ${host} is not a Plex server (it says ${status} to the question).`, {
		hint: 'Check the address and the port (usually 32400).',
	}));
};

const refusal = (status: number, {host, label, hasToken}: Target): Failure => {
	switch (status) {
		case 401: {
			return failure(hasToken
				? new AppError('unauthorized', `${host} does not accept the token.`, {
					hint: 'The token may be of another server or account, or signed out. Sign in again with "reelcat login", or give a current one.',
				})
				: new AppError('unauthorized', `${host} asks for a token, and none was given.`, {
					hint: 'Sign in with "reelcat login", or give the token of this server in the form, in PLEX_TOKEN or with --token-file.',
				}));
		}

		case 403: {
			return failure(new AppError('forbidden', `The token may not read ${label} on ${host}.`, {
				hint: 'Ask the owner of the server for access, or use the token of the owner.',
			}));
		}

		case 404: {
			return failure(new AppError('not-found', `${host} has nothing at ${label}.`, {
				hint: 'It may have been deleted meanwhile, or not be shared with this user.',
			}));
		}

		default: {
			return failure(new AppError('server-error', `${host} turns the request for ${label} down (${status}).`, {
				hint: 'Check that the address leads to a Plex server of a recent version.',
			}));
		}
	}
};
