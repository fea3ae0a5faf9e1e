import {oneByOne} from '../base/one-by-one.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import {besideFresh, createChangeBundle} from '../query/change-bundle.js';
import type {CatalogIndex} from '../query/types.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {
	fillIndex,
	keepForNextStart,
	putItems,
	removeItems,
} from './index-loader.js';
import {connectingServerIds} from './current-server.js';
import {createLockRest, type HeldCatalog} from './lock-rest.js';
import type {Session} from './session.js';

// Reading the document takes this share of loading; building the index takes the rest.
const readShare = 0.6;

/**
The catalogue behind the screens. It is opened, loaded and indexed, and its commits are followed.
*/
export type CatalogFeed = {
	// Another one after `reopen`, `hold` and the end of holding.
	store: () => OpenedCatalog;
	// What a person must know of this catalogue.
	notice: () => string | undefined;
	// Why nothing can be changed at the moment.
	readOnlyReason: () => string | undefined;
	/**
	Takes the write lock again, if it was let go of. Call `release` when nothing more is written: then the lock is free for others. The store is a reader if another process writes.

	@throws AppError
	*/
	hold: () => Promise<HeldCatalog>;
	index: CatalogIndex;
	// The index when it holds everything that is committed.
	current: () => Promise<CatalogIndex>;
	/**
	Resolves when lists and details can be shown.

	@throws AppError
	*/
	load: (onProgress: (share: number) => void) => Promise<void>;
	/**
	Resolves when the records are there.

	@throws AppError when they could not be read
	*/
	whenLoaded: () => Promise<void>;
	// Resolves when the index holds everything that is committed.
	flush: () => Promise<void>;
	// Closes this catalogue, calls `change`, and opens and loads the catalogue that the session has then.
	reopen: (change: () => void) => Promise<void>;
	// Closes everything that uses the catalogue with `closeUsers`, then the catalogue itself.
	close: (closeUsers: () => Promise<void>) => Promise<void>;
};

type CatalogFeedOptions = {
	onChange: () => void;
	onLoaded: () => Promise<void>;
	// A process that watches keeps the lock, and any other one lets go of it while it has nothing to write.
	isDaemon: boolean;
};

/**
Opens the catalogue of a session without loading it. `onChange` is called after each change that lists can show, `onLoaded` once the records are there.

@throws AppError when it cannot be opened
*/
export const openCatalogFeed = async (session: Session, {onChange, onLoaded, isDaemon}: CatalogFeedOptions): Promise<CatalogFeed> => {
	const index = createCatalogIndex();
	const open = async (options: Parameters<Session['openStore']>[0] = {}) => session.openStore({
		onDamaged: 'move-aside', readsIfRefused: true, writesFor: connectingServerIds(session, {ask: isDaemon ? new AbortController().signal : undefined}), ...options,
	});
	let store = await open();
	let loading: Promise<unknown> = Promise.resolve();
	const {inTurn: reopenInTurn, settled: reopened} = oneByOne();
	let filled: Promise<unknown> = Promise.resolve();
	let flush = async () => {/* nothing is followed before the first load */};
	let unfollow = () => {/* nothing is followed before the first load */};

	// Follow first: what is committed while the index is filled is taken in afterwards.
	const fill = async (options: Parameters<typeof fillIndex>[2] = {}) => {
		const filling = fillIndex(store, index, options);
		filled = Promise.allSettled([filling]);
		await filling;
	};

	const follow = () => {
		unfollow();
		const bundle = createChangeBundle(async (change, fresh) => {
			await filled;
			if (change.isReload === true) {
				await fillIndex(store, index);
			} else {
				await removeItems(index, change.removed);
				await putItems(besideFresh(store, fresh), index, change.upserted);
			}

			onChange();
		});
		const unsubscribe = store.subscribe(bundle.add);
		flush = bundle.flush;
		unfollow = () => {
			unsubscribe();
			bundle.stop();
		};
	};

	const keepIndex = async () => keepForNextStart(session.folders().data, store, index.save);

	const lock = createLockRest({
		open,
		isFixed: isDaemon,
		onTurn: onChange,
		store: () => store,
		setStore(next) {
			store = next;
		},
		async leave() {
			// An index without the last changes must not be stored for the next start.
			await flush();
			unfollow();
		},
		follow,
		keepIndex,
		async readIndexAgain() {
			await fill();
			onChange();
		},
	});

	const readRecords = async (onProgress: (share: number) => void) => {
		await store.load(({readBytes, totalBytes}) => {
			onProgress(totalBytes === 0 ? readShare : readShare * readBytes / totalBytes);
		});
		follow();
		await fill({
			onProgress(share) {
				onProgress(readShare + ((1 - readShare) * share));
			},
		});
		onProgress(1);
	};

	const load = async (onProgress: (share: number) => void) => {
		const release = lock.busy();
		loading = readRecords(onProgress);
		await loading;
		await onLoaded();
		release({isQuick: true});
	};

	const reopen = async (change: () => void) => {
		// What was loaded before may be about to let go of the lock.
		const release = lock.busy();
		try {
			// The catalogue may still be loading when the person has already chosen.
			const before = Promise.allSettled([loading]);
			// Whoever reads waits until there is something to read again.
			loading = before.then(async () => lock.exchange(async () => {
				unfollow();
				await store.close();
				change();
				store = await open();
				index.clear();
			}));
			await loading;
			await load(() => {/* small enough not to need a bar */});
		} finally {
			release({isQuick: true});
		}

		onChange();
	};

	return {
		store: () => store,
		notice: lock.notice,
		readOnlyReason: lock.readOnlyReason,
		hold: lock.hold,
		index,
		async current() {
			await loading;
			await flush();
			return index;
		},
		load,
		async whenLoaded() {
			await loading;
		},
		flush: async () => flush(),
		// The records of one catalogue are read before another one takes its place.
		reopen: async change => reopenInTurn(async () => reopen(change)),
		async close(closeUsers) {
			await reopened();
			await Promise.allSettled([loading]);
			await lock.close();
			const {mode, close} = store;
			try {
				// An index without the last changes must not be stored for the next start, and a reader reads them until it is closed.
				await (mode === 'reader' ? close() : undefined);
				await flush();
			} finally {
				unfollow();
				await closeUsers();
				await (mode === 'writer' ? close() : undefined);
			}

			await keepIndex();
		},
	};
};
