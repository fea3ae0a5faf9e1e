import type {PaceReason} from '../plex/governor.js';

const words: Partial<Record<PaceReason, string>> = {
	streaming: 'someone is streaming from the server',
	scanning: 'the server is scanning a library',
	refused: 'the server asks for fewer requests',
	slow: 'the server takes longer to answer',
};

/**
Why the server is asked for less, as a clause; undefined when it is not.
*/
export const paceWords = (reason: PaceReason | undefined): string | undefined => reason === undefined ? undefined : words[reason];
