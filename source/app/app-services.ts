import {defined} from '../catalog/values.js';
import {createLibraryNames} from '../catalog/library-names.js';
import type {CatalogHeader} from '../catalog/types.js';
import {readColumnChoices, unknownColumns, type ColumnChoices} from '../query/column-choices.js';
import {askedNames} from '../query/language/asked-fields.js';
import {recordValues} from '../query/record-values.js';
import {loadDetail} from '../query/related.js';
import {loadReport} from '../reports/registry.js';
import {serverIdIn} from '../sync/identification.js';
import {createListeners} from '../base/observable.js';
import {plural} from '../base/text/format.js';
import {orNearest} from '../base/text/nearest.js';
import type {UiServices} from '../ui/services.js';
import {createAppLog} from './app-log.js';
import {createAppConnection, readTypedAddress, shownGivenUrl} from './app-connection.js';
import {createAppPictures} from './app-pictures.js';
import {createAppRuns} from './app-runs.js';
import {openCatalogFeed, type CatalogFeed} from './catalog-feed.js';
import {createItemTools} from './item-tools.js';
import {createDaemonViewer, findDaemon, type DaemonLink} from './daemon-link.js';
import {createAppLibraries} from './app-libraries.js';
import {joinCatalog} from './join-catalog.js';
import type {OpenDaemonOptions, OpenedDaemon} from './open-daemon.js';
import {logFolder} from './log-folder.js';
import {queryWorldOf, saveChecked} from './query-index.js';
import {requireWriter} from './run-engine.js';
import type {Session} from './session.js';

export type AppServices = UiServices & {close: () => Promise<void>};

type AppServicesOptions = {
	isVerbose?: boolean;
	env?: NodeJS.ProcessEnv;
	// Given where this process also watches.
	watch?: Pick<OpenDaemonOptions, 'flags' | 'api' | 'own' | 'terminal'>;
};

// Over SSH each report takes its time, and people select text with the mouse.
const mouseChoice = (session: Session, env: NodeJS.ProcessEnv) => {
	const isUsual = env['SSH_CONNECTION'] === undefined;
	return {
		isOn: () => session.settings().mouse() ?? isUsual,
		async keep(isOn: boolean) {
			const writer = await session.settings().writer();
			writer.setMouse(isOn === isUsual ? undefined : isOn);
		},
	};
};

/**
Joins the services of the screens to a session. It opens the catalogue; `load` loads it.

@throws AppError when the catalogue cannot be opened
*/
export const openAppServices = async (session: Session, version: string, {isVerbose = false, env = {}, watch}: AppServicesOptions = {}): Promise<AppServices> => {
	const changes = createListeners();
	let link: DaemonLink | undefined;
	let begin = async () => {/* nobody watches */};
	const feed = await openCatalogFeed(session, {onChange: changes.tell, onLoaded: async () => begin(), isDaemon: watch !== undefined});
	const {store} = feed;
	const log = createAppLog();
	let logNotice: string | undefined;
	const {
		emit, runningSince, close: closeRuns, ...runServices
	} = createAppRuns(session, {
		feed,
		connection: () => connection,
		logging: {
			version,
			isVerbose,
			mirror: log.add,
			onFault(sentence) {
				logNotice = sentence;
				changes.tell();
			},
		},
	});
	const connection = createAppConnection(session, {onRequest: emit});
	const {close: closeItems, ...itemTools} = createItemTools({feed, connection, env});

	const openOwnDaemon = async (options: NonNullable<AppServicesOptions['watch']>): Promise<OpenedDaemon> => {
		requireWriter(store(), 'If that is a daemon, "reelcat" without --watch shows what it does.');
		const {openDaemon} = await import('./open-daemon.js');
		const {promise: loaded, resolve: release} = Promise.withResolvers<void>();
		const opened = await openDaemon(session, {
			version, store: store(), loaded, isVerbose, mirror: log.add, onEngineEvent: emit, index: feed.current, ...options,
		});
		begin = async () => {
			release();
			await opened.daemon.start();
		};

		return opened;
	};

	let own: OpenedDaemon | undefined;
	try {
		link = store().mode === 'reader' ? await findDaemon(session, env) : undefined;
		own = watch === undefined ? undefined : await openOwnDaemon(watch);
	} catch (error) {
		await store().close();
		throw error;
	}

	const {watch: watchPart, watching} = watchPartsOf(own, link, {feed, onChange: changes.subscribe, tell: changes.tell});
	const header = () => store().header();
	const {columns, notices: settingNotices} = await readLooks(session);
	const notice = () => {
		const notices = [feed.notice(), logNotice, ...settingNotices, heldNotice(header())].filter(text => text !== undefined);
		return notices.length === 0 ? undefined : notices.join(' ');
	};

	// The screens only read: a run decides for good which server this is.
	const joined = async () => joinCatalog(session, await connection.ensure(), {
		catalog: {header, load: feed.whenLoaded}, signal: new AbortController().signal, say() {/* the run tells it */},
	});

	const acceptHere = async (libraryIds: readonly string[]) => {
		const [{acceptRemovals}, held] = await Promise.all([import('../sync/accept.js'), feed.hold()]);
		try {
			requireWriter(held.store);
			return await acceptRemovals(held.store, header().libraries.filter(({id}) => libraryIds.includes(id)));
		} finally {
			held.release({isQuick: true});
		}
	};

	const mouse = mouseChoice(session, env);
	return {
		initial: {
			version,
			connection: await connection.initial(),
			formUrl: shownGivenUrl(session) ?? session.settings().server()?.url ?? '',
			hasToken: session.hasGivenToken(),
			catalog: header(),
			readOnlyReason: feed.readOnlyReason(),
			notice: notice(),
			opensWatch: own !== undefined,
			keys: session.settings().keys(),
			theme: session.settings().theme(),
			columns,
			isMouseOn: mouse.isOn(),
		},
		keepMouse: mouse.keep,
		...defined({watch: watchPart, watching, readOnlyReason: own === undefined ? feed.readOnlyReason : undefined}),
		load: feed.load,
		readAddress: readTypedAddress,
		async connect(target, {signal} = {}) {
			if (target.kind === 'demo' && !session.isDemo()) {
				await feed.reopen(session.useDemo);
			}

			const made = await connection.connect(target, signal);
			return {...made, serverId: serverIdIn(header(), made.serverId)};
		},
		servers: connection.servers,
		nearby: connection.nearby,
		signIn: connection.signIn,
		...runServices,
		...createAppLibraries(session, {
			joined,
			header,
			async loadedStore() {
				await feed.whenLoaded();
				return store();
			},
			startImport: runServices.startImport,
		}),
		...keptChoices(session),
		async report(question, {signal = new AbortController().signal} = {}) {
			await feed.whenLoaded();
			return loadReport(question, {
				store: store(), index: feed.index, queryWorld: () => queryWorldOf(store(), session), signal, logFolder: logFolder(session), runningSince: runningSince(), now: () => new Date(),
			});
		},
		async acceptRemovals(libraryIds) {
			await feed.whenLoaded();
			const accepted = await (watchPart === undefined || watching() === undefined ? acceptHere(libraryIds) : acceptThere(watchPart, libraryIds));
			await feed.flush();
			changes.tell();
			return accepted.reduce((sum, {removed}) => sum + removed, 0);
		},
		log,
		index: feed.index,
		...queryParts(feed, session),
		pictures: createAppPictures(session, {whenLoaded: feed.whenLoaded, store, joined}),
		header,
		notice,
		async detail(id) {
			await feed.whenLoaded();
			return loadDetail(store(), feed.index, id);
		},
		itemTools,
		onCatalogChange: changes.subscribe,
		async close() {
			await closeItems();
			await closeRuns();
			await feed.close(async () => {
				await own?.close();
				link?.client?.close();
			});
		},
	};
};

const queryParts = ({store, whenLoaded}: Pick<CatalogFeed, 'store' | 'whenLoaded'>, {settings}: Pick<Session, 'settings'>): Required<Pick<UiServices, 'queryWorld' | 'readValues' | 'saveQuery'>> => {
	const queryWorld = () => queryWorldOf(store(), {settings});
	return {
		queryWorld,
		async saveQuery(saved) {
			await saveChecked(saved, {settings}, queryWorld());
		},
		async readValues(ids, field) {
			await whenLoaded();
			return recordValues(store())(ids, field);
		},
	};
};

const keptChoices = (session: Session): Pick<UiServices, 'chooseTheme' | 'keepColumns'> => ({
	async chooseTheme(name) {
		const writer = await session.settings().writer();
		writer.setTheme(name);
	},
	async keepColumns(choices) {
		const writer = await session.settings().writer();
		writer.setColumns(choices);
	},
});

const acceptThere = async ({watcher}: NonNullable<UiServices['watch']>, libraryIds: readonly string[]) => {
	const accepted: Array<{removed: number}> = [];
	for (const library of libraryIds) {
		accepted.push(...await watcher.accept({library}));
	}

	return accepted;
};

// The screens show the daemon in this process, or one that is asked over its API.
const watchPartsOf = (own: OpenedDaemon | undefined, link: DaemonLink | undefined, following: Parameters<typeof createDaemonViewer>[1]): {watch?: UiServices['watch']; watching: () => string | undefined} => {
	const ownName = 'this reelcat';
	if (own !== undefined) {
		return {watch: {watcher: own.daemon, isOwn: true, who: ownName}, watching: () => ownName};
	}

	if (link?.client === undefined) {
		return {watching: () => undefined};
	}

	const {file, client} = link;
	const nameOf = (pid: number) => `the daemon (process ${pid})`;
	const {pid} = createDaemonViewer({file, client}, following);
	return {
		watch: {
			watcher: client, isOwn: false, who: nameOf(file.pid), onLink: client.onLink,
		},
		watching() {
			const now = pid();
			return now === undefined ? undefined : nameOf(now);
		},
	};
};

// Reads what the settings say of columns, and names what is wrong there and with the keys.
const readLooks = async (session: Session) => {
	const {columns: stored, hiddenColumns, keys} = session.settings();
	const columns = readColumnChoices(stored(), hiddenColumns());
	return {columns, notices: [await noticeOfKeys(keys()), noticeOfColumns(columns)]};
};

// Names what is wrong with the keys of the settings. The app goes on with the others.
const noticeOfKeys = async (keys: unknown): Promise<string | undefined> => {
	if (keys === undefined) {
		return undefined;
	}

	const {readKeySettings} = await import('../ui/key-settings.js');
	const [first, ...others] = readKeySettings(keys).faults;
	return first === undefined ? undefined : `Keys in settings.json: ${first}${others.length === 0 ? '' : ` "reelcat doctor" also names ${others.length} more.`}`;
};

// Names what is wrong with the columns of the settings. It stays there, and the lists go on without it.
const noticeOfColumns = (columns: ColumnChoices): string | undefined => {
	const [first] = unknownColumns(columns);
	return first && `Columns in settings.json: there is no column "${first.name}" for ${first.view}. ${orNearest(first.name, askedNames, 'docs/fields.md lists the fields.')}`;
};

// Tells of removals that wait until a person accepts them.
const heldNotice = (header: CatalogHeader): string | undefined => {
	const {placed} = createLibraryNames(header);
	const held = header.libraries.flatMap(({id, sync}) => sync?.held === undefined ? [] : [`${plural(sync.held.items, 'item')} of ${placed(id)!}`]);
	return held.length === 0 ? undefined : `Gone from the server and held: ${held.join(', ')}. Press M to list them; A there removes them.`;
};
