import type {Kysely, RawBuilder} from 'kysely';
import type {Tables} from '../table-types.js';

/**
A question that is being answered. Its statements see one moment of the catalogue.
*/
export type Asking = {
	db: Kysely<Tables>;
	signal: AbortSignal | undefined;
	/**
	No slip of the fingers is forgiven.
	*/
	isExact: boolean;
	/**
	Holds for the rows that matter: of others, no text has to be read and judged.
	*/
	within?: RowCondition | undefined;
};

export type RowCondition = RawBuilder<unknown>;
