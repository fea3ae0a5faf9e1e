import {AppError} from '../base/errors.js';
import type {Container} from './body.js';
import type {
	ListPage,
	Section,
	ServerIdentity,
	ServerInfo,
} from './types.js';
import {
	asArray,
	asRecords,
	readBoolean,
	readCount,
	readKey,
	readString,
} from './wire.js';

/**
@throws AppError `not-plex` when the server does not say which it is.
*/
export const readIdentity = (container: Container, host: string): ServerIdentity => {
	const id = readString(container['machineIdentifier']);
	if (id === undefined) {
		throw new AppError('not-plex', `What answers at ${host} does not say which Plex server it is.`, {
			hint: 'Check the address and the port (usually 32400).',
		});
	}

	return {
		id,
		version: readString(container['version']),
		isClaimed: readBoolean(container['claimed']) ?? false,
	};
};

/**
@throws AppError `not-plex`
*/
export const readServer = (container: Container, host: string): ServerInfo => ({
	...readIdentity(container, host),
	// On this answer it is `myPlex` that says so.
	isClaimed: readBoolean(container['claimed']) ?? readBoolean(container['myPlex']) ?? false,
	name: readString(container['friendlyName']) ?? 'Plex Media Server',
});

type WireSection = 'key' | 'uuid' | 'title' | 'type' | 'agent' | 'language' | 'Location' | 'refreshing' | 'contentChangedAt' | 'scannedAt' | 'updatedAt';

/**
`serverId` stands in where a section has no uuid.
*/
export const readSections = (container: Container, serverId: string): Section[] => {
	const sections: Section[] = [];
	for (const section of asRecords<WireSection>(container['Directory'])) {
		const key = readKey(section.key);
		if (key === undefined) {
			continue;
		}

		sections.push({
			id: readString(section.uuid) ?? `${serverId}:${key}`,
			key,
			title: readString(section.title) ?? `Library ${key}`,
			type: readString(section.type) ?? 'unknown',
			agent: readString(section.agent),
			language: readString(section.language),
			locations: asRecords<'path'>(section.Location).map(({path}) => readString(path)).filter(path => path !== undefined),
			isRefreshing: readBoolean(section.refreshing) ?? false,
			contentChangedAt: readString(section.contentChangedAt),
			scannedAt: readString(section.scannedAt),
			updatedAt: readString(section.updatedAt),
		});
	}

	return sections;
};

export const hasUnnamedSection = (container: Container) => asRecords<WireSection>(container['Directory']).some(({uuid}) => readString(uuid) === undefined);

/**
The header stands in for answers whose body has no `totalSize`.
*/
export const readPage = (container: Container, header: (name: string) => string | undefined): ListPage => ({
	rows: [...asArray(container['Metadata'])],
	total: readCount(container['totalSize']) ?? readCount(header('x-plex-container-total-size')),
	serverSeconds: readServerSeconds(header('date')),
});

const readServerSeconds = (date: string | undefined): number | undefined => {
	const ms = Date.parse(date ?? '');
	return Number.isNaN(ms) || ms <= 0 ? undefined : Math.floor(ms / 1000);
};
