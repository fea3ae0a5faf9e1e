import {AppError} from '../base/errors.js';
import type {StoreTransaction} from '../catalog/catalog-store.js';
import type {CatalogHeader, Library, Server} from '../catalog/types.js';
import {canonicalJson} from './record-line.js';

export type StagedMethods = Pick<StoreTransaction, 'upsert' | 'remove' | 'putServer' | 'putLibrary' | 'record'>;

/**
The transactions of a store, of which one is open at a time, and no method of which does anything when it has ended.
*/
export const createOneTransaction = () => {
	let open: symbol | undefined;

	return {
		/**
		`prepare` gives what gathers the changes, and `commit` writes them.

		@throws {AppError} `locked` while another one is open, and what `prepare` throws
		*/
		async begin<Staged extends StagedMethods>(prepare: () => Promise<Staged>, commit: (staged: Staged) => ReturnType<StoreTransaction['commit']>): Promise<StoreTransaction> {
			if (open !== undefined) {
				throw new AppError('locked', 'Another change of the catalogue is still under way.', {hint: 'Wait for it to end, then try again.'});
			}

			const self = Symbol('transaction');
			open = self;
			const end = () => {
				open = open === self ? undefined : open;
			};

			let staged: Staged;
			try {
				staged = await prepare();
			} catch (error) {
				end();
				throw error;
			}

			const whileOpen = <Arguments extends unknown[], Result>(method: (...values: Arguments) => Promise<Result>) => async (...values: Arguments) => {
				if (open !== self) {
					throw new TypeError('This transaction has ended.');
				}

				return method(...values);
			};

			return {
				upsert: whileOpen(staged.upsert),
				remove: whileOpen(staged.remove),
				putServer: whileOpen(staged.putServer),
				putLibrary: whileOpen(staged.putLibrary),
				record: whileOpen(staged.record),
				commit: whileOpen(async () => {
					try {
						return await commit(staged);
					} finally {
						end();
					}
				}),
				async abort() {
					end();
				},
			};
		},
		/**
		Ends the one that is open.
		*/
		abortOpen() {
			open = undefined;
		},
	};
};

/**
Those of the servers and libraries that are not in the header as they are. What a library counts does not matter: the store counts for itself.
*/
export const changedEntries = (header: CatalogHeader, {servers, libraries}: {servers: Iterable<Server>; libraries: Iterable<Library>}): {servers: Server[]; libraries: Library[]} => ({
	servers: [...servers].filter(server => !isStored(header.servers, server)),
	libraries: [...libraries].filter(library => {
		const stored = header.libraries.find(({id}) => id === library.id);
		return !isStored(header.libraries, {...library, counts: stored?.counts ?? library.counts});
	}),
});

const isStored = <Entry extends {id: string}>(entries: readonly Entry[], entry: Entry): boolean => {
	const stored = entries.find(({id}) => id === entry.id);
	return stored !== undefined && canonicalJson(stored) === canonicalJson(entry);
};
