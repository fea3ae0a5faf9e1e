import {AppError} from '../base/errors.js';
import {defined} from '../catalog/values.js';
import {boundRow} from './bounds.js';
import {failure, type Outcome, type Target} from './failure.js';
import type {
	ListPage,
	Section,
	ServerIdentity,
	ServerInfo,
} from './types.js';
import {
	asArray,
	asRecord,
	asRecords,
	isRecord,
	parseWireJson,
	readBoolean,
	readCount,
	readKey,
	readShortText,
	readString,
	type Wire,
} from './wire.js';

/**
@throws AppError `not-plex` when the server does not say which it is.
*/
export const readIdentity = (container: Container, host: string): ServerIdentity => {
	const id = readId(container['machineIdentifier']);
	if (id === undefined) {
		throw new AppError('not-plex', `The server at ${host} does not say which Plex server it is.`, {
			hint: 'Check the address and the port (usually 32400).',
		});
	}

	return {
		id,
		version: readString(container['version']),
		isClaimed: readBoolean(container['claimed']) ?? false,
	};
};

export const readServer = (container: Container, host: string): ServerInfo => ({
	...readIdentity(container, host),
	// This answer tells it with `myPlex`.
	isClaimed: readBoolean(container['claimed']) ?? readBoolean(container['myPlex']) ?? false,
	name: readString(container['friendlyName']) ?? 'Plex Media Server',
});

type WireSection = 'key' | 'uuid' | 'title' | 'type' | 'agent' | 'scanner' | 'hidden' | 'language' | 'Location' | 'refreshing' | 'contentChangedAt' | 'scannedAt' | 'updatedAt';

// Servers and libraries are known by these for ever, so they must be something that every store can keep.
const readId = (value: unknown) => readShortText(readString(value)?.replaceAll(/\p{Control}/gv, ''));

export const readSections = (container: Container, serverId: string): Section[] => {
	const sections: Section[] = [];
	for (const section of asRecords<WireSection>(container['Directory'])) {
		const key = readKey(section.key);
		if (key === undefined) {
			continue;
		}

		const uuid = readId(section.uuid) ?? `${serverId}:${key}`;
		sections.push({
			id: uuid,
			uuid,
			key,
			title: readString(section.title) ?? `Library ${key}`,
			type: readString(section.type) ?? 'unknown',
			agent: readString(section.agent),
			...defined({scanner: readString(section.scanner), hidden: readCount(section.hidden)}),
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

export const hasUnnamedSection = (container: Container) => asRecords<WireSection>(container['Directory']).some(({uuid}) => readId(uuid) === undefined);

/**
The rows of an answer, each within the bounds of what is read of one.
*/
export const readRows = (container: Container): unknown[] => asArray(container['Metadata']).map(row => boundRow(row));

export const readPage = (container: Container, header: (name: string) => string | undefined): ListPage => ({
	rows: readRows(container),
	total: readCount(container['totalSize']) ?? readCount(header('x-plex-container-total-size')),
	serverSeconds: readServerSeconds(header('date')),
});

export const readServerSeconds = (date: string | undefined): number | undefined => {
	const ms = Date.parse(date ?? '');
	return Number.isNaN(ms) || ms <= 0 ? undefined : Math.floor(ms / 1000);
};

export type Container = Wire<string>;

/**
Reads the `MediaContainer` of a body.
*/
export const readContainer = (text: string, target: Target): Outcome<Container> => {
	const [first] = /\S/v.exec(text) ?? [];
	if (first !== '{' && first !== undefined) {
		return isXml(text) ? onlyXml(target) : notPlex(target, first === '<' ? 'a web page' : 'something other than JSON');
	}

	// Only the list of libraries has counters, and it has no rows of items, which are much longer to search.
	const parsed = parseWireJson(text) ?? parseWireJson(escapeControls(text));
	const json = asRecord(asRecord(parsed)['MediaContainer'])['Directory'] === undefined ? parsed : parseWireJson(quoteCounters(escapeControls(text)));
	if (json === undefined) {
		return failure(new AppError('malformed', `The answer of ${target.host} to ${target.label} is ${first === undefined ? 'empty' : 'broken or cut short'}.`, {
			hint: 'Try again. If this continues, let Plex refresh the metadata of these items.',
		}));
	}

	const container = asRecord(json)['MediaContainer'];
	if (isRecord(container)) {
		return {ok: true, value: container};
	}

	return asRecord(json)['_elementType'] === undefined ? notPlex(target, 'data that is not from Plex') : tooOld(target);
};

/**
Plex speaks XML to whoever does not ask for JSON. Web pages may be written in XML too (XHTML).
*/
const isXml = (text: string) => {
	const start = text.slice(0, 4000);
	return /^\s*<(?:\?xml\b|MediaContainer\b|Response\b)/v.test(start) && !/<!doctype\s+html\b|<html\b/iv.test(start);
};

const onlyXml = ({host, label}: Target) => failure(new AppError('not-plex', `The server at ${host} answered with XML where JSON was asked for (${label}).`, {
	hint: 'Something between reelcat and the server may drop the Accept header: use the address of the server itself. A very old Plex server speaks only XML: bring it up to date.',
}));

/**
Servers before 1.2.6 (2016) had no `MediaContainer` in their JSON, and all rows in `_children`.
*/
const tooOld = ({host, label}: Target) => failure(new AppError('not-plex', `The Plex server at ${host} is too old: it answers ${label} as servers did until 2016.`, {
	hint: 'Bring Plex Media Server up to date.',
}));

const notPlex = ({host, label}: Target, what: string) => failure(new AppError('not-plex', `The server at ${host} is not a Plex server: it sent ${what} for ${label}.`, {
	hint: 'Check the address and the port (usually 32400). A proxy or a login page may be in front of the server.',
}));

/**
`contentChangedAt` has up to 64 bits, more than a JavaScript number holds. Inside a title its quotes would be escaped, so this matches only the field.
*/
const quoteCounters = (text: string) => text.includes('"contentChangedAt"')
	? text.replaceAll(/"contentChangedAt"\s*:\s*(?<counter>-?\d+)/gv, '"contentChangedAt":"$<counter>"')
	: text;

/**
Control characters in strings are not allowed in JSON, but some servers send them.
*/
const escapeControls = (text: string): string => {
	const pieces: string[] = [];
	let isInString = false;
	let copied = 0;
	for (let index = 0; index < text.length; index++) {
		const unit = text.codePointAt(index) ?? 0;
		if (unit === 0x22) {
			isInString = !isInString;
		} else if (isInString && unit === 0x5C) {
			index++;
		} else if (isInString && unit < 0x20) {
			pieces.push(text.slice(copied, index), String.raw`\u${unit.toString(16).padStart(4, '0')}`);
			copied = index + 1;
		}
	}

	return pieces.join('') + text.slice(copied);
};
