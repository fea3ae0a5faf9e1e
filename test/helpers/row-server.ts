import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';

/**
What may stand in a row of this server. The demo server always makes rows that Plex could send; this one sends anything.
*/
export type AnyRow = Record<string, unknown>;

/**
A section with its rows by Plex's number of the type: 1 movies, 2 shows, 3 seasons, 4 episodes. A row may be text, which is then sent as it is, even if it is no JSON.
*/
export type AnySection = {
	key: string;
	type: string;
	title: string;
	uuid?: string;
	language?: string;
	agent?: string;
	contentChangedAt?: number;
	rows: Readonly<Partial<Record<string, ReadonlyArray<AnyRow | string>>>>;
};

const keyOf = (row: AnyRow | string): string | undefined => {
	if (typeof row === 'string') {
		return /"ratingKey":"(?<key>[^"]*)"/v.exec(row)?.groups?.['key'];
	}

	const key = row['ratingKey'];
	return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
};

const textOf = (row: AnyRow | string) => typeof row === 'string' ? row : JSON.stringify(row);

const answer = (response: ServerResponse, fields: Record<string, unknown>, rows?: ReadonlyArray<AnyRow | string>) => {
	const head = JSON.stringify(fields).slice(0, -1);
	const list = rows === undefined ? '' : `${head === '{' ? '' : ','}"Metadata":[${rows.map(row => textOf(row)).join(',')}]`;
	response.setHeader('Content-Type', 'application/json');
	response.end(`{"MediaContainer":${head}${list}}}`);
};

/**
A small server that speaks enough of Plex for an import, and sends the rows that it is given. Sections may be changed while it runs.
*/
export const serveRows = async (t: Pick<ExecutionContext, 'teardown'>, sections: AnySection[]): Promise<{url: string; env: Record<string, string>}> => {
	const token = 'token-of-the-row-server';
	const server = createServer((request, response) => {
		const {pathname, searchParams} = new URL(request.url!, 'http://server');
		const refuse = (status: number) => {
			response.statusCode = status;
			response.end();
		};

		if (pathname === '/identity' || pathname === '/') {
			answer(response, {
				machineIdentifier: 'row-server', version: '1.43.0', claimed: true, friendlyName: 'Rows', myPlex: true,
			});
			return;
		}

		if (request.headers['x-plex-token'] !== token) {
			refuse(401);
			return;
		}

		if (pathname === '/library/sections') {
			answer(response, {Directory: sections.map(({rows: _, ...section}) => ({scannedAt: 1, Location: [{id: 1, path: `/srv/${section.key}`}], ...section}))});
			return;
		}

		const [, kind, key = '', all] = /^\/library\/(?<kind>sections|metadata)\/(?<key>[^\/]+)(?<all>\/all)?$/v.exec(decodeURIComponent(pathname)) ?? [];
		if (kind === 'sections' && all !== undefined) {
			const rows = sections.find(section => section.key === key)?.rows[searchParams.get('type') ?? ''] ?? [];
			const start = Number(request.headers['x-plex-container-start'] ?? 0);
			const size = Number(request.headers['x-plex-container-size'] ?? rows.length);
			answer(response, {totalSize: rows.length, offset: start, size: Math.min(size, rows.length - start)}, rows.slice(start, start + size));
			return;
		}

		const keys = new Set(key.split(','));
		// A key means one item, and its details say in which section it is.
		const rows = new Map<string, AnyRow | string>();
		for (const section of sections) {
			for (const row of Object.values(section.rows).flatMap(list => list ?? [])) {
				const name = keyOf(row) ?? '';
				if (keys.has(name) && !rows.has(name)) {
					rows.set(name, typeof row === 'string' ? row : {librarySectionID: section.key, ...row});
				}
			}
		}

		if (kind === 'metadata' && rows.size > 0) {
			answer(response, {size: rows.size}, rows.values().toArray());
			return;
		}

		refuse(404);
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	t.teardown(async () => {
		server.closeAllConnections();
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {url, env: {PLEX_URL: url, PLEX_TOKEN: token}};
};

export const movieRow = (ratingKey: string, fields: AnyRow = {}): AnyRow => ({
	ratingKey,
	key: `/library/metadata/${ratingKey}`,
	type: 'movie',
	title: `Movie ${ratingKey}`,
	guid: `plex://movie/${ratingKey}`,
	year: 2001,
	addedAt: 1_750_000_000,
	updatedAt: 1_750_000_060,
	duration: 5_400_000,
	Guid: [{id: `imdb://tt${ratingKey}`}],
	Media: [{
		id: Number(ratingKey) * 10,
		videoResolution: '1080',
		container: 'mkv',
		Part: [{id: Number(ratingKey) * 100, file: `/srv/films/${ratingKey}.mkv`, size: 1_000_000}],
	}],
	...fields,
});

export const showRow = (ratingKey: string, fields: AnyRow = {}): AnyRow => ({
	ratingKey, key: `/library/metadata/${ratingKey}/children`, type: 'show', title: `Show ${ratingKey}`, guid: `plex://show/${ratingKey}`, year: 2005, addedAt: 1_750_000_000, updatedAt: 1_750_000_060, ...fields,
});

export const seasonRow = (ratingKey: string, show: string, fields: AnyRow = {}): AnyRow => ({
	ratingKey, key: `/library/metadata/${ratingKey}/children`, type: 'season', title: `Season of ${show}`, guid: `plex://season/${ratingKey}`, index: 1, parentRatingKey: show, parentTitle: `Show ${show}`, addedAt: 1_750_000_000, updatedAt: 1_750_000_060, ...fields,
});

export const episodeRow = (ratingKey: string, season: string, show: string, fields: AnyRow = {}): AnyRow => ({
	...movieRow(ratingKey),
	type: 'episode',
	title: `Episode ${ratingKey}`,
	guid: `plex://episode/${ratingKey}`,
	index: 1,
	parentIndex: 1,
	parentRatingKey: season,
	grandparentRatingKey: show,
	grandparentTitle: `Show ${show}`,
	...fields,
});
