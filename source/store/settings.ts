import {randomUUID} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type OpenedConf from 'conf';
import {AppError, errorCode, isAppError} from '../base/errors.js';
import {compareText} from '../base/text/compare.js';
import {makeOwnFolderSync} from '../base/own-folder.js';
import type {ExportProfile} from '../catalog/export-profile.js';
import {mostSaved, type SavedQuery} from '../catalog/saved-query.js';
import {settingsSchema, type StoredServer, type StoredSettings} from './settings-schema.js';

/**
Preferences only: nothing here is secret, and losing it does no harm.
*/
export type Settings = {
	/**
	Made once for each installation; Plex shows it in the list of authorised devices.
	*/
	clientIdentifier: () => Promise<string>;
	/**
	The server that is meant if none is named.
	*/
	server: () => StoredServer | undefined;
	/**
	All that were connected and not forgotten since.
	*/
	servers: () => StoredServer[];
	/**
	Ids of the libraries that were ticked; `undefined` before the first choice.
	*/
	chosenLibraries: (serverId: string) => string[] | undefined;
	/**
	Days between two full syncs; `undefined` for the default.
	*/
	fullSyncDays: () => number | undefined;
	/**
	How the app shows pictures; `undefined` asks the terminal.
	*/
	pictures: () => StoredSettings['pictures'];
	/**
	The keys of the app, unchecked; `readKeySettings` reads them.
	*/
	keys: () => unknown;
	/**
	The name of the theme of the app, unchecked.
	*/
	theme: () => string | undefined;
	/**
	The columns of the lists of the app; a list that is not there has its standard ones. `width` is in terminal cells.
	*/
	columns: () => StoredSettings['columns'];
	/**
	Names of columns that no list shows, which earlier versions kept.
	*/
	hiddenColumns: () => string[] | undefined;
	/**
	Whether the app uses the mouse; `undefined` for the default, which is not over SSH.
	*/
	mouse: () => boolean | undefined;
	/**
	The saved queries, by name.
	*/
	queries: () => SavedQuery[];
	/**
	The saved exports, by name.
	*/
	exportProfiles: () => ExportProfile[];
	/**
	The settings of the daemon, unchecked, read from the file each time; `readWatchSettings` checks them.
	*/
	watch: () => unknown;
	/**
	Loads what changes settings. Most commands only read some, which is much less work.
	*/
	writer: () => Promise<SettingsWriter>;
};

export type SettingsWriter = {
	setServer: (server: StoredServer) => void;
	forgetServer: (id: string) => void;
	setChosenLibraries: (serverId: string, libraryIds: readonly string[]) => void;
	setFullSyncDays: (days: number) => void;
	setTheme: (name: string) => void;
	/**
	Keeps the columns, in place of the hidden ones of earlier versions. What the file says of lists that we do not know stays in it.
	*/
	setColumns: (columns: ColumnsByList) => void;
	setMouse: (isOn: boolean | undefined) => void;
	/**
	Replaces the query that has this name; a standing one stays one.

	@throws AppError 'usage' if there are too many
	*/
	saveQuery: (saved: SavedQuery) => void;
	/**
	@returns whether there was one
	*/
	removeQuery: (name: string) => boolean;
	/**
	Makes a saved query a standing one, or ends that.

	@returns whether there is such a query
	*/
	setStanding: (name: string, isStanding: boolean) => boolean;
	/**
	Replaces the export that has this name.

	@throws AppError 'usage' if there are too many
	*/
	saveExportProfile: (profile: ExportProfile) => void;
	removeExportProfile: (name: string) => void;
};

type ColumnsByList = Partial<Record<'movies' | 'shows' | 'seasons' | 'episodes', ReadonlyArray<{name: string; width?: number | undefined}> | undefined>>;

/**
All functions throw an AppError: `not-writable` if the folder cannot be used, `damaged` if the file is not JSON, `usage` with the name of the setting if it has a wrong type.
*/
export const openSettings = (folder: string): Settings => {
	const read = () => guarded(folder, () => readText(readFileText(folder)));
	guarded(folder, () => {
		// Conf would make the folder with the mode that the umask leaves.
		makeOwnFolderSync(folder);
	});
	read();

	let conf: OpenedConf<StoredSettings> | undefined;
	const openConf = async () => {
		const {default: Conf} = await import('conf'); // eslint-disable-line @typescript-eslint/naming-convention -- a class
		conf ??= guarded(folder, () => new Conf<StoredSettings>({
			cwd: folder,
			configName: settingsName,
			configFileMode: 0o600,
			// Report a damaged file instead of emptying it.
			clearInvalidConfig: false,
			accessPropertiesByDotNotation: false,
			// What is in the file is checked before each change.
			deserialize: readText,
		}));
		return conf;
	};

	return {
		async clientIdentifier() {
			const known = read().clientIdentifier;
			if (known !== undefined) {
				return known;
			}

			const writer = await openConf();
			return guarded(folder, () => {
				const identifier = writer.get('clientIdentifier') ?? randomUUID();
				writer.set('clientIdentifier', identifier);
				return identifier;
			});
		},
		server: () => read().server,
		servers: () => serversOf(read()),
		chosenLibraries: serverId => librariesOf(read(), serverId),
		fullSyncDays: () => read().fullSyncDays,
		pictures: () => read().pictures,
		keys: () => read().keys,
		theme: () => read().theme,
		columns: () => read().columns,
		hiddenColumns: () => read().hiddenColumns,
		mouse: () => read().mouse,
		queries: () => read().queries ?? [],
		exportProfiles: () => read().exports ?? [],
		watch: () => read().watch,
		writer: async () => createWriter(folder, await openConf()),
	};
};

const serversOf = ({server, otherServers = []}: StoredSettings): StoredServer[] => [...server === undefined ? [] : [server], ...otherServers];

const librariesOf = ({chosenLibraries}: StoredSettings, serverId: string) => chosenLibraries?.find(choice => choice.serverId === serverId)?.libraryIds;

const createWriter = (folder: string, conf: OpenedConf<StoredSettings>): SettingsWriter => {
	const get = <Key extends keyof StoredSettings>(key: Key) => guarded(folder, () => conf.get(key));

	const set = (change: Partial<StoredSettings>) => {
		guarded(folder, () => {
			conf.set(change);
		});
	};

	const remove = (key: keyof StoredSettings) => {
		guarded(folder, () => {
			conf.delete(key);
		});
	};

	const keepServers = (current: StoredServer | undefined, changedId: string) => {
		const known = serversOf({server: get('server'), otherServers: get('otherServers')});
		// Another server at the same address has taken the place of the old one.
		const others = known.filter(({id, url}) => id !== changedId && id !== current?.id && url !== current?.url);
		setOrRemove('server', current);
		setOrRemove('otherServers', others.length === 0 ? undefined : others);
	};

	const setOrRemove = <Key extends keyof StoredSettings>(key: Key, value: StoredSettings[Key]) => {
		if (value === undefined) {
			remove(key);
		} else {
			set({[key]: value});
		}
	};

	const queries = () => get('queries') ?? [];
	const exportProfiles = () => get('exports') ?? [];

	const putQueries = (all: readonly SavedQuery[]) => {
		set({queries: all.toSorted((left, right) => compareText(left.name, right.name))});
	};

	return {
		setServer(server) {
			keepServers(server, server.id);
		},
		forgetServer(id) {
			const current = get('server');
			keepServers(current?.id === id ? undefined : current, id);
		},
		setChosenLibraries(serverId, libraryIds) {
			const others = (get('chosenLibraries') ?? []).filter(choice => choice.serverId !== serverId);
			set({chosenLibraries: [...others, {serverId, libraryIds: [...libraryIds]}]});
		},
		setFullSyncDays(days) {
			set({fullSyncDays: days});
		},
		setTheme(theme) {
			set({theme});
		},
		setColumns(columns) {
			const merged: unknown = {...get('columns'), ...columns};
			set({columns: merged as StoredSettings['columns']});
			remove('hiddenColumns');
		},
		setMouse(isOn) {
			setOrRemove('mouse', isOn);
		},
		saveQuery(saved) {
			const others = queries().filter(({name}) => name !== saved.name);
			if (others.length >= mostSaved) {
				throw new AppError('usage', `There are ${mostSaved} saved queries already.`, {hint: 'Remove one first.'});
			}

			const isStanding = queries().some(({name, standing}) => name === saved.name && standing === true);
			putQueries([...others, {...saved, ...isStanding && {standing: true}}]);
		},
		removeQuery(name) {
			const all = queries();
			const others = all.filter(saved => saved.name !== name);
			if (others.length < all.length) {
				set({queries: others});
			}

			return others.length < all.length;
		},
		setStanding(name, isStanding) {
			const all = queries();
			const known = all.find(saved => saved.name === name);
			if (known !== undefined && (known.standing === true) !== isStanding) {
				const {query} = known;
				putQueries([...all.filter(saved => saved !== known), {name, query, ...isStanding && {standing: true}}]);
			}

			return known !== undefined;
		},
		saveExportProfile(profile) {
			const others = exportProfiles().filter(({name}) => name !== profile.name);
			if (others.length >= mostSaved) {
				throw new AppError('usage', `There are ${mostSaved} saved exports already.`, {hint: 'Remove one first.'});
			}

			set({exports: [...others, profile].toSorted((left, right) => compareText(left.name, right.name))});
		},
		removeExportProfile(name) {
			set({exports: exportProfiles().filter(profile => profile.name !== name)});
		},
	};
};

/**
The setting `store`: the address of the database that has the catalogue, unchecked; `undefined` where it is a document. Every command asks for it, so it reads nothing else of the file and makes none.

@throws AppError `damaged`, `not-writable`, `usage`
*/
export const readStoreSetting = (folder: string): string | undefined => {
	const json = guarded(folder, () => parsed(readFileText(folder)));
	const store = typeof json === 'object' && json !== null && 'store' in json ? json.store : undefined;
	return store === undefined ? undefined : checked({store}).store;
};

const settingsName = 'settings';

// No file is the same as one without settings.
const readFileText = (folder: string): string => {
	const file = path.join(folder, `${settingsName}.json`);
	try {
		return existsSync(file) ? readFileSync(file, 'utf8') : '{}';
	} catch (error) {
		throw new AppError('damaged', `${file} cannot be read (${errorCode(error) ?? String(error)}).`, {
			hint: 'Make it readable, or set REELCAT_CONFIG_DIR to another folder.',
			cause: error,
		});
	}
};

const parsed = (text: string): unknown => JSON.parse(text.replace(/^\u{FEFF}/v, ''));

const readText = (text: string): StoredSettings => checked(parsed(text));

const checked = (json: unknown): StoredSettings => {
	const {data, error} = settingsSchema().safeParse(json, {jitless: true});
	if (error === undefined) {
		return data;
	}

	const [{path: place, message} = {path: [], message: ''}] = error.issues;
	throw new AppError('usage', `${place.length === 0 ? 'What is in' : `The setting ${place.map(String).join('.')} in`} settings.json cannot be used: ${message}.`, {
		hint: 'Correct it, or take it out: reelcat then asks again, or uses its default.',
	});
};

const guarded = <Value>(folder: string, action: () => Value): Value => {
	try {
		return action();
	} catch (error) {
		if (isAppError(error)) {
			throw error;
		}

		if (error instanceof SyntaxError) {
			throw new AppError('damaged', `The settings in ${folder} cannot be read.`, {
				hint: 'Correct or remove settings.json there. It holds preferences only, no catalogue and no token.',
				cause: error,
			});
		}

		const code = errorCode(error);
		const isFull = code === 'ENOSPC' || code === 'EDQUOT';
		throw new AppError(isFull ? 'disk-full' : 'not-writable', `The settings folder ${folder} cannot be written${code === undefined ? '' : ` (${code})`}.`, {
			hint: `Make ${isFull ? 'room there' : 'it writable'}, or set REELCAT_CONFIG_DIR to another folder.`,
			cause: error,
		});
	}
};
