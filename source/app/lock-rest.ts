import {oneByOne} from '../base/one-by-one.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import type {CatalogSeed} from '../store/kept-index.js';
import {readOnlyReason} from './run-engine.js';
import type {Session} from './session.js';

export type HeldCatalog = {
	store: OpenedCatalog;
	// Nothing more is written now. With `isQuick` the journal is not written into the document.
	release: (options: {isQuick: boolean}) => void;
};

type LockRestOptions = {
	open: (options?: Parameters<Session['openStore']>[0]) => Promise<OpenedCatalog>;
	// A process that watches keeps the lock.
	isFixed: boolean;
	// What keeps this process from writing has changed.
	onTurn: () => void;
	store: () => OpenedCatalog;
	setStore: (store: OpenedCatalog) => void;
	// Takes in what the store has told, and stops listening to it.
	leave: () => Promise<void>;
	// Listens to the store that is there now.
	follow: () => void;
	keepIndex: () => Promise<void>;
	readIndexAgain: () => Promise<void>;
};

const reasonOf = (store: OpenedCatalog) => store.mode === 'reader' ? readOnlyReason(store) : undefined;

const lastCommit = (store: OpenedCatalog) => `${store.header().revision} ${store.commitToken?.() ?? ''}`;

/**
Reports read the store that is there at any time, so one that has read nothing yet is not put there.
*/
const loaded = async (store: OpenedCatalog): Promise<OpenedCatalog> => {
	try {
		await store.load();
		return store;
	} catch (error) {
		// The first error says more.
		await store.close().catch(() => undefined);
		throw error;
	}
};

/**
Lets go of the write lock while there is nothing to write, and takes it again when there is. The records stay in memory: the writer hands them to a reader, which follows what others write, and the other way round.
*/
export const createLockRest = ({open, isFixed, onTurn, store, setStore, leave, follow, keepIndex, readIndexAgain}: LockRestOptions) => {
	let isResting = false;
	let isClosed = false;
	let holders = 0;
	const notices = new Set<string>();
	let reason = reasonOf(store());
	const closing = new AbortController();
	// The store is exchanged by one caller after the other.
	const {inTurn, settled} = oneByOne();

	const openLoaded = async (options: Parameters<Session['openStore']>[0]) => loaded(await open(options));

	const readOn = async (seed: CatalogSeed | undefined) => {
		setStore(await openLoaded({access: 'read', seed}));
		isResting = true;
		follow();
	};

	// Where this process was not let to write, waits until it may.
	const standBy = () => {
		const opened = store();
		const before = reason;
		reason = reasonOf(opened);
		if (reason !== before) {
			onTurn();
		}

		void opened.whenFree?.(closing.signal).then(() => {
			reason = store() === opened ? undefined : reason;
			onTurn();
		});
	};

	const rest = async ({isQuick}: {isQuick: boolean}) => inTurn(async () => {
		const writer = store();
		if (isFixed || isResting || isClosed || holders > 0) {
			return;
		}

		if (writer.mode === 'reader') {
			isResting = true;
			standBy();
			return;
		}

		await leave();
		try {
			await writer.close({isQuick});
			await keepIndex();
		} finally {
			if (writer.notice !== undefined) {
				notices.add(writer.notice);
			}

			await readOn(writer.seed?.());
		}
	});

	const wake = async () => inTurn(async () => {
		if (!isResting || isClosed) {
			return;
		}

		const reader = store();
		await reader.close();
		await leave();
		const known = lastCommit(reader);
		const seed = reader.seed?.();
		try {
			setStore(await openLoaded({seed}));
		} catch (error) {
			await readOn(seed);
			throw error;
		}

		// If another process writes now, the store is a reader again.
		isResting = store().mode === 'reader';
		follow();
		if (lastCommit(store()) !== known) {
			await readIndexAgain();
		}

		standBy();
	});

	// What fails here shows again when the lock is taken the next time.
	const restSoon = (options: {isQuick: boolean}) => {
		rest(options).catch(() => undefined);
	};

	// Until it is released, the store is not exchanged for a reader.
	const busy = (): HeldCatalog['release'] => {
		holders++;
		let isReleased = false;
		return options => {
			if (isReleased) {
				return;
			}

			isReleased = true;
			holders--;
			restSoon(options);
		};
	};

	return {
		busy,
		/**
		@throws AppError
		*/
		async hold(): Promise<HeldCatalog> {
			const release = busy();
			try {
				await wake();
			} catch (error) {
				release({isQuick: true});
				throw error;
			}

			return {store: store(), release};
		},
		/**
		Runs `work`, which opens another catalogue.
		*/
		exchange: async (work: () => Promise<void>) => inTurn(async () => {
			await work();
			notices.clear();
			isResting = false;
			reason = reasonOf(store());
		}),
		// What this store tells, and what the writers before it told.
		notice(): string | undefined {
			const {notice} = store();
			const all = [...notices, ...notice === undefined ? [] : [notice]];
			return all.length === 0 ? undefined : all.join(' ');
		},
		// Why nothing can be changed at the moment.
		readOnlyReason: () => reason,
		async close() {
			isClosed = true;
			closing.abort();
			await settled();
		},
	};
};
