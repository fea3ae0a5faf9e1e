import path from 'node:path';
import process from 'node:process';
import {AppError} from '../base/errors.js';
import {durableWrite} from '../base/durable-write.js';
import {ifExists, nodeFileSystem} from '../base/file-system.js';
import {clean} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {fileIdsOf} from '../catalog/item.js';
import {originalVersions, playableVersion} from '../catalog/quality.js';
import type {Item} from '../catalog/types.js';
import {exportRecord} from '../export/record.js';
import {loadDetail} from '../query/related.js';
import {serverIdIn} from '../sync/identification.js';
import type {ItemTools} from '../ui/services.js';
import type {CatalogFeed} from './catalog-feed.js';
import {openInBrowser} from './opening.js';
import type {Connected} from './session-connections.js';

type PlayConnection = Pick<Connected, 'play'> & {server: {id: string}; plex: {identity: () => Promise<unknown>}};

type ItemToolsOptions = {
	feed: Pick<CatalogFeed, 'index' | 'whenLoaded'> & {store: () => Pick<CatalogStore, 'get' | 'getMany' | 'header'>};
	connection: {ensure: () => Promise<PlayConnection>};
	env: NodeJS.ProcessEnv;
	folder?: string;
	platform?: NodeJS.Platform;
};

// To add up the files of more items would take longer than the answer is worth.
const mostMeasured = 5000;

/**
What can be done with items from the screens. `close` ends the programs that were started.
*/
export const createItemTools = ({feed, connection, env, folder = process.cwd(), platform = process.platform}: ItemToolsOptions): ItemTools & {close: () => Promise<void>} => {
	const {index} = feed;
	const header = () => feed.store().header();
	const closing = new AbortController();
	const running = new Set<Promise<unknown>>();
	const programs = {env, platform, signal: closing.signal};

	const track = async <Value>(work: Promise<Value>): Promise<Value> => {
		running.add(work);
		try {
			return await work;
		} finally {
			running.delete(work);
		}
	};

	const lines = async function * (ids: readonly string[]) {
		await feed.whenLoaded();
		for (const id of ids) {
			const detail = await loadDetail(feed.store(), index, id);
			if (detail !== undefined) {
				yield jsonLine(exportRecord(detail));
			}
		}
	};

	const freeName = async (): Promise<string> => {
		const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
		for (let number = 1; ; number++) {
			const file = path.join(folder, `reelcat-${stamp}${number === 1 ? '' : `-${number}`}.ndjson`);
			if (await ifExists(nodeFileSystem.stat(file)) === undefined) {
				return file;
			}
		}
	};

	const gone = () => new AppError('not-found', 'It is not in the catalogue any more.');

	const requireItem = async (id: string): Promise<Item> => {
		await feed.whenLoaded();
		const record = await feed.store().get(id);
		if (record?.kind !== 'item') {
			throw gone();
		}

		return record;
	};

	const play = async (id: string) => {
		const item = await requireItem(id);
		const {title, serverId} = item;
		const version = playableVersion(item, ({key}) => key !== undefined);
		if (version === undefined) {
			throw new AppError('usage', `The server has no file of "${clean(title)}" to play.`);
		}

		const connected = await connection.ensure();
		const {id: hereId} = connected.server;
		if (serverIdIn(header(), hereId) !== serverId) {
			const server = header().servers.find(other => other.id === serverId);
			throw new AppError('usage', `"${clean(title)}" is on ${clean(server?.name ?? 'another server')}.`, {hint: 'Connect to that server with c first.'});
		}

		// A server that is away says so at once, and not through an empty window.
		await connected.plex.identity();
		await connected.play({title, partKeys: version.parts.flatMap(({key}) => key ?? [])}, programs);
	};

	return {
		async sizeOf(ids) {
			const all = new Set<string>();
			for (const id of ids) {
				for (const each of [id, ...index.children(id)]) {
					all.add(each);
				}

				if (all.size > mostMeasured) {
					return undefined;
				}
			}

			await feed.whenLoaded();
			const items = await feed.store().getMany([...all], {kind: 'item'});
			const fileIds = new Set(items.flatMap(item => item.kind === 'item' ? fileIdsOf({versions: [...originalVersions(item.versions)]}) : []));
			const files = await feed.store().getMany([...fileIds], {kind: 'file'});
			return files.reduce((sum, file) => sum + (file.kind === 'file' ? file.sizeBytes ?? 0 : 0), 0);
		},
		async records(ids, mostLength) {
			let text = '';
			for await (const record of lines(ids)) {
				text += record;
				if (text.length > mostLength) {
					return undefined;
				}
			}

			return text;
		},
		async exportTo(ids) {
			const file = await freeName();
			let items = 0;
			const counted = async function * () {
				for await (const record of lines(ids)) {
					items++;
					yield record;
				}

				// An empty file would look like an export.
				if (items === 0) {
					throw gone();
				}
			};

			await durableWrite(file, counted(), {mode: 0o600});
			return {file, items};
		},
		openAddress: async address => track(openInBrowser(address, programs)),
		play: async id => track(play(id)),
		async close() {
			closing.abort();
			await Promise.allSettled(running);
		},
	};
};
