import {AppError, isAppError} from '../base/errors.js';
import {
	hasUnnamedSection,
	readIdentity,
	readPage,
	readRows,
	readSections,
	readServer,
} from './answers.js';
import {requestHeaders, type ClientIdentity} from './identity-headers.js';
import {createLoadProbe} from './load-probe.js';
import {createRequests, type RequestOptions} from './requests.js';
import {
	plexTypes,
	type CallOptions,
	type ListSource,
	type PlexClient,
} from './types.js';
import {parseServerUrl} from './url.js';

export type PlexClientOptions = ClientIdentity & RequestOptions & {
	url: string;
	/**
	Sent in a header only, and never to another origin.
	*/
	token?: string;
};

/**
Fields that a listing for comparison does not need. Servers may send them anyway ([MNT] saw rows shrink to a third).
*/
const slimQuery = {
	includeGuids: '0',
	excludeElements: 'Genre,Country,Director,Writer,Role,Collection,Guid,Image,UltraBlurColors,Rating',
	excludeFields: 'summary,tagline,originalTitle,titleSort,slug,studio,contentRating,rating,ratingImage,audienceRating,audienceRatingImage,originallyAvailableAt,year,thumb,art,banner,theme,chapterSource,primaryExtraKey,parentThumb,parentTitle,parentGuid,parentSlug,parentStudio,parentKey,parentYear,grandparentThumb,grandparentArt,grandparentTitle,grandparentGuid,grandparentSlug,grandparentKey,grandparentTheme',
} as const;

const maxDetailKeys = 100;

/**
A poster at the size of a terminal has about 100 KB.
*/
const maxPictureBytes = 4 * 1_048_576;

/**
No show has as many seasons.
*/
const maxChildren = 1000;

/**
@throws AppError `usage` for an impossible address or token.
*/
export const createPlexClient = (options: PlexClientOptions): PlexClient => {
	const baseUrl = parseServerUrl(options.url);
	const token = options.token === undefined || options.token.trim() === '' ? undefined : checkedToken(options.token.trim());
	const requests = createRequests({
		...options, baseUrl, token, headers: requestHeaders(options),
	});
	let serverId: string | undefined;

	const identity = async (callOptions: CallOptions = {}) => {
		const {container} = await requests.get({...callOptions, path: '/identity', isProbe: true});
		const found = readIdentity(container, requests.host);
		serverId = found.id;
		return found;
	};

	const sections = async (callOptions: CallOptions = {}) => {
		const {container} = await requests.get({...callOptions, path: '/library/sections'});
		if (serverId === undefined && hasUnnamedSection(container)) {
			await identity(callOptions);
		}

		const found = readSections(container, serverId ?? '');
		probe?.onSections(found);
		return found;
	};

	// With a fixed concurrency there is nothing to adapt.
	const probe = options.concurrency === undefined
		? createLoadProbe({
			async askSessions() {
				const {container} = await requests.get({path: '/status/sessions', isOptional: true});
				return container;
			},
			askSections: sections,
			learn: requests.learn,
		})
		: undefined;

	return {
		baseUrl,
		identity,
		async server(callOptions) {
			const {container} = await requests.get({...callOptions, path: '/'});
			return readServer(container, requests.host);
		},
		sections,
		async page({sectionKey, type, start, size, fields = 'full', movedSince, signal, isNarrowing}) {
			const {container, header} = await requests.get({
				path: `/library/sections/${encodeURIComponent(sectionKey)}/all`,
				// `sort=id` puts new rows last, so that pages do not shift during an import ([PKC] plex_functions.py).
				query: {
					type: String(plexTypes[type]),
					sort: 'id',
					includeGuids: '1',
					includeCollections: '0',
					...(fields === 'slim' && slimQuery),
					...(movedSince !== undefined && {[`${movedSince.stamp}>>`]: String(movedSince.seconds)}),
				},
				headers: pageHeaders(start, size),
				kind: fields === 'slim' ? 'slim-list' : 'list',
				signal,
				...(isNarrowing !== undefined && {isNarrowing}),
			});
			const page = readPage(container, header);
			if (page.rows.length > 0) {
				probe?.onRows();
			}

			return page;
		},
		async details(ratingKeys, callOptions) {
			const [firstKey] = ratingKeys;
			if (firstKey === undefined) {
				return [];
			}

			if (ratingKeys.length > maxDetailKeys) {
				throw new RangeError(`At most ${maxDetailKeys} items can be asked for at once.`);
			}

			try {
				const {container} = await requests.get({
					...callOptions,
					path: `/library/metadata/${ratingKeys.map(key => encodeURIComponent(key)).join(',')}`,
					label: detailLabel(firstKey, ratingKeys.length),
					// Without `skipRefresh` the server refreshes each item first and notifies everyone ([OFF]); `checkFiles` would wake its disks.
					query: {
						skipRefresh: '1', checkFiles: '0', includeChapters: '1', includeMarkers: '1', includeExtras: '1',
					},
					kind: 'detail',
				});
				probe?.onRows();
				return readRows(container);
			} catch (error) {
				// The server leaves out items that are gone, and answers 404 when all of them are ([MNT] plexApi.ts).
				if (isAppError(error, 'not-found')) {
					return [];
				}

				throw error;
			}
		},
		async picture({path, width, height, ...callOptions}) {
			return requests.bytes({
				...callOptions,
				path: '/photo/:/transcode',
				query: {
					url: path, width: String(width), height: String(height), minSize: '1', upscale: '0',
				},
				headers: {Accept: 'image/*'},
				kind: 'picture',
				isOptional: true,
				maxBodyBytes: maxPictureBytes,
			});
		},
		async list({of, start, size, ...callOptions}) {
			const {container, header} = await requests.get({
				...callOptions,
				...listRequest(of),
				headers: pageHeaders(start, size),
				kind: 'slim-list',
			});
			return readPage(container, header);
		},
		async children(ratingKey, callOptions) {
			const {container} = await requests.get({
				...callOptions,
				path: `/library/metadata/${encodeURIComponent(ratingKey)}/children`,
				query: {excludeAllLeaves: '1'},
				headers: {'X-Plex-Container-Start': '0', 'X-Plex-Container-Size': String(maxChildren)},
				kind: 'list',
			});
			return readRows(container);
		},
		usage: requests.usage,
		close: requests.close,
	};
};

const pageHeaders = (start: number, size: number) => ({
	'X-Plex-Container-Start': String(start),
	'X-Plex-Container-Size': String(size),
});

/**
Members keep the order of their list, so there is no `sort`. Only their ratingKeys are needed.
*/
const listRequest = (of: ListSource): {path: string; query: Record<string, string>} => {
	if ('membersOf' in of) {
		const key = encodeURIComponent(of.ratingKey);
		return {
			path: of.membersOf === 'collection' ? `/library/collections/${key}/children` : `/playlists/${key}/items`,
			query: {...slimQuery, excludeElements: `Media,${slimQuery.excludeElements}`},
		};
	}

	return of.lists === 'collection'
		? {path: `/library/sections/${encodeURIComponent(of.sectionKey)}/collections`, query: {}}
		: {path: '/playlists', query: {playlistType: 'video'}};
};

const detailLabel = (firstKey: string, count: number) => {
	const path = `/library/metadata/${encodeURIComponent(firstKey)}`;
	return count === 1 ? path : `${path} and ${count - 1} more`;
};

const checkedToken = (token: string) => {
	if (/^[\u{21}-\u{7E}]+$/v.test(token)) {
		return token;
	}

	throw new AppError('usage', 'The token has characters in it that no token of Plex has.', {
		hint: 'Copy it again, without quotes, spaces or line breaks.',
	});
};
