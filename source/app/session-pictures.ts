import type {OpenedCatalog} from '../store/catalog-context.js';
import {createItemPictures, type ItemPictures} from './item-pictures.js';
import {joinOrClose, type Joined} from './join-catalog.js';
import type {Session} from './session.js';

type SessionPicturesOptions = {
	store: Pick<OpenedCatalog, 'header' | 'getMany'>;
	/**
	Resolves when the records are there.
	*/
	loaded: Promise<void>;
};

export type SessionPictures = ItemPictures & {
	/**
	Closes the connection; the next picture opens another one, which finds the server at another address or with another token.
	*/
	disconnect: () => Promise<void>;
	close: () => void;
};

/**
Pictures through a connection of their own, which is opened for the first of them. Call `close` before the session ends.
*/
export const openSessionPictures = (session: Session, {store, loaded}: SessionPicturesOptions): SessionPictures => {
	const stop = new AbortController();
	let connecting: Promise<Joined> | undefined;

	const join = async () => joinOrClose(session, await session.connect({signal: stop.signal}), {
		catalog: {header: store.header, load: async () => loaded}, signal: stop.signal, say() {/* a run tells it */},
	});

	const connect = async () => {
		const own = connecting ?? join();
		connecting = own;
		try {
			return await own;
		} catch (error) {
			// The next picture tries again.
			if (connecting === own) {
				connecting = undefined;
			}

			throw error;
		}
	};

	const disconnect = async () => {
		const before = connecting;
		connecting = undefined;
		const connected = await before?.catch(() => undefined);
		connected?.close();
	};

	return {
		...createItemPictures(session, {whenLoaded: async () => loaded, store: () => store, joined: connect}),
		disconnect,
		close() {
			stop.abort();
			void disconnect();
		},
	};
};
