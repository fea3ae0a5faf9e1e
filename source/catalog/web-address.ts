import type {CatalogHeader} from './types.js';

/**
The page of an item in Plex Web; undefined for an item that its server does not list. No token is in it.
*/
export const webAddressOf = ({servers, libraries}: Pick<CatalogHeader, 'servers' | 'libraries'>, {ratingKey, libraryId}: {ratingKey?: string | undefined; libraryId: string}): string | undefined => {
	const serverId = libraries.find(({id}) => id === libraryId)?.serverId;
	const server = servers.find(({id}) => id === serverId);
	return server === undefined || ratingKey === undefined
		? undefined
		: `https://app.plex.tv/desktop/#!/server/${encodeURIComponent(server.machineIdentifier ?? server.id)}/details?key=${encodeURIComponent(`/library/metadata/${ratingKey}`)}`;
};
