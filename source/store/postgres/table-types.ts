import type {Generated} from 'kysely';

/**
A column in which there may be nothing.
*/
export type Nullable<Value> = Value | null; // eslint-disable-line @typescript-eslint/no-restricted-types -- what the driver gives

/**
The tables that hold the catalogue itself. A record is kept as its line (`record-line.ts`), so it comes back as it was written; what stands beside the line is what the store looks for.
*/
export type Tables = {
	catalog: {
		singleton: Generated<boolean>;
		schema_version: number;
		revision: number;
		rewinds: Generated<string>;
		/**
		Some indexes wait for the end of a first import.
		*/
		are_indexes_late: Generated<boolean>;
	};
	servers: {id: string; position: Generated<number>; line: string};
	libraries: {
		id: string;
		position: Generated<number>;
		movies: Generated<number>;
		shows: Generated<number>;
		seasons: Generated<number>;
		episodes: Generated<number>;
		line: string;
	};
	records: {
		id: string;
		position: Generated<number>;
		kind: string;
		type: string | undefined;
		library_id: string | undefined;
		line: string;
	};
	commits: {
		revision: number;
		token: string;
		upserted: string[];
		removed: string[];
		/**
		Everything was replaced, so there is no list of what changed.
		*/
		is_reload: Generated<boolean>;
		/**
		Ids of the servers for which its process wrote; null for the whole catalogue.
		*/
		servers: Generated<string[] | undefined>;
	};
	history: {
		number: Generated<number>;
		at: string;
		revision: number;
		line: string;
	};
	/**
	A row for each process that writes, by the token of its seat.
	*/
	writer: {
		token: string;
		/**
		The number of the process of the server that holds its locks.
		*/
		backend: number;
		pid: number;
		host: string;
		started_at: string;
		/**
		Ids of the servers for which it writes; null for the whole catalogue.
		*/
		servers: string[] | undefined;
	};
	/**
	Has a row while a catalogue is being copied into these tables: of what, and how much of it is here.
	*/
	copying: {
		singleton: Generated<boolean>;
		source: string;
		fingerprint: string;
		records: Generated<number>;
		events: Generated<number>;
	};
	/**
	The queue of the daemon of each server, as `jobs.json` has it.
	*/
	jobs: {server_id: string; queue: string};
	/**
	What queries ask of items. It has many more columns; these are named in typed statements.
	*/
	list_rows: {
		id: string;
		rating_key: Nullable<string>;
	};
	items: {id: string; type: string; title: Nullable<string>};
	list_names: {kind: string; id: string; name: string};
};
