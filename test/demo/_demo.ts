import type {ExecutionContext} from 'ava';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer, type DemoServerOptions} from '../../source/demo/server.js';

export type Container = {
	size: number;
	totalSize?: number;
	offset?: number;
	librarySectionID?: number;
	librarySectionTitle?: string;
	librarySectionUUID?: string;
	Metadata?: PlexRow[];
	Directory?: Array<Record<string, unknown>>;
} & Record<string, unknown>;

/**
A demo server that ends with the test, and functions that query it.
*/
export const withDemo = async (t: ExecutionContext, options: DemoServerOptions = {}) => {
	const server = await startDemoServer(options);
	t.teardown(server.close);
	const ask = async (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, {
		headers: {Accept: 'application/json', 'X-Plex-Token': server.token, ...headers},
		redirect: 'manual',
		signal: AbortSignal.timeout(20_000),
	});
	const read = async (path: string, headers: Record<string, string> = {}): Promise<Container> => {
		const response = await ask(path, headers);
		const {MediaContainer} = await response.json() as {MediaContainer: Container};
		return MediaContainer;
	};

	const page = async (sectionKey: string, type: number, {start, size, query = ''}: {start: number; size: number; query?: string}) =>
		read(`/library/sections/${sectionKey}/all?type=${type}&sort=id${query}`, {'X-Plex-Container-Start': String(start), 'X-Plex-Container-Size': String(size)});

	const details = async (...keys: string[]): Promise<PlexRow[]> => {
		const {Metadata: rows = []} = await read(`/library/metadata/${keys.join(',')}?skipRefresh=1`);
		return rows;
	};

	return {
		server, ask, read, page, details,
	};
};

/**
All rows of a type, in pages.
*/
export const listAll = async (
	page: Awaited<ReturnType<typeof withDemo>>['page'],
	sectionKey: string,
	type: number,
): Promise<{rows: PlexRow[]; total: number}> => {
	const rows: PlexRow[] = [];
	for (;;) {
		const {totalSize, Metadata = []} = await page(sectionKey, type, {start: rows.length, size: 333, query: '&includeGuids=1'});
		rows.push(...Metadata);
		if (Metadata.length === 0 || rows.length >= totalSize!) {
			return {rows, total: totalSize!};
		}
	}
};
