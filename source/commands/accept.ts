import {askDaemon} from '../app/daemon-link.js';
import {withWriter} from '../app/run-engine.js';
import {createLibraryNames} from '../catalog/library-names.js';
import type {CatalogHeader, Library} from '../catalog/types.js';
import {acceptRemovals, heldLibraries} from '../sync/accept.js';
import {plural} from '../base/text/format.js';
import {changedLibraries} from './changed-libraries.js';
import {
	print,
	type CommandContext,
} from './command.js';

type Removed = {id: string; title: string; removed: number};

export const runAcceptCommand = async (context: CommandContext): Promise<number> => {
	const {session, io} = context;
	const header = await readHeader(context);
	const meant = await heldAndMeant(context, header);
	const {answer} = await askDaemon(session, io.env, async client => {
		const accepted: Removed[] = [];
		for (const {id} of meant) {
			accepted.push(...await client.accept({library: id}));
		}

		return accepted;
	});
	const accepted = answer ?? (meant.length === 0 ? [] : await acceptHere(context));
	const {placed, serverOf} = createLibraryNames(header);
	const libraries = accepted.map(({id, title, removed}) => ({
		id, title, ...serverOf(id), removed,
	}));
	const lines = libraries.map(({id, title, removed}) => `${placed(id) ?? title}: ${plural(removed, 'item')} removed. "reelcat lost" lists them.\n`);
	await print(context, {libraries}, libraries.length === 0 ? 'Nothing is held.\n' : lines.join(''));
	return 0;
};

const readHeader = async ({session}: CommandContext): Promise<CatalogHeader> => {
	const store = await session.openStore({access: 'read', isForHeader: true});
	try {
		await store.prove();
		return store.header();
	} finally {
		await store.close();
	}
};

const heldAndMeant = async (context: CommandContext, header: CatalogHeader): Promise<Library[]> => {
	const held = new Set(heldLibraries(header.libraries));
	const meant = await changedLibraries(context, header, context.input, library => held.has(library));
	return meant.filter(library => held.has(library));
};

const acceptHere = async (context: CommandContext): Promise<Removed[]> => withWriter(context.session, {writesFor: async () => []}, async store => {
	// It may have changed since it was read without the lock.
	const libraries = await heldAndMeant(context, store.header());
	await store.load();
	const accepted = libraries.length === 0 ? [] : await acceptRemovals(store, libraries);
	return accepted.map(({library, removed}) => ({...library, removed}));
});
