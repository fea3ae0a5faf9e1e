import {isRecord, readString} from '../../plex/wire.js';

/**
All that is kept of an account: its e-mail address, its other addresses and its token are nobody's business.
*/
export type PlexUser = {
	id: string;
	uuid: string;
	title: string;
	/**
	Managed users have none.
	*/
	username: string | undefined;
};

const maxLength = 200;

/**
@returns Nothing when it does not say whose account it is.
*/
export const readUser = (json: unknown): PlexUser | undefined => {
	if (!isRecord(json)) {
		return undefined;
	}

	const read = (name: string) => readString(json[name])?.slice(0, maxLength).toWellFormed();
	const [id, uuid, username] = [read('id'), read('uuid'), read('username')];
	return id === undefined || uuid === undefined
		? undefined
		: {
			id,
			uuid,
			title: read('title') ?? read('friendlyName') ?? username ?? id,
			username,
		};
};
