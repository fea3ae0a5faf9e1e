import type {DetailSection} from '../../../query/detail-sections.js';
import type {ShownFailure} from '../../parts/failure.js';

/**
The detail that was asked for last, on its own screen or in the pane of a list.
*/
export type DetailState = {
	id: string | undefined;
	status: 'loading' | 'ready' | 'missing' | 'failed';
	sections: readonly DetailSection[] | undefined;
	failure: ShownFailure | undefined;
};

export const noDetail: DetailState = {
	id: undefined, status: 'loading', sections: undefined, failure: undefined,
};
