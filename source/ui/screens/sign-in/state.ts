import type {ShownFailure} from '../../parts/failure.js';

export type SignInState = {
	/**
	Tells news of this attempt from news of a cancelled one.
	*/
	attempt: number;
	status: 'idle' | 'starting' | 'waiting' | 'expired' | 'finding' | 'failed';
	code: string | undefined;
	linkUrl: string;
	authUrl: string;
	remainingMs: number | undefined;
	/**
	Why plex.tv does not answer for now.
	*/
	trouble: string | undefined;
	failure: ShownFailure | undefined;
};

export const noSignIn: SignInState = {
	attempt: 0, status: 'idle', code: undefined, linkUrl: '', authUrl: '', remainingMs: undefined, trouble: undefined, failure: undefined,
};
