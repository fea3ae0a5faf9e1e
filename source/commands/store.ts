import {AppError} from '../base/errors.js';
import type {LockHolder} from '../catalog/catalog-store.js';
import {defined} from '../catalog/values.js';
import {clean} from '../base/text/clean.js';
import {
	formatBytes,
	formatClock,
	formatCount,
	plural,
} from '../base/text/format.js';
import {orNearest} from '../base/text/nearest.js';
import {holderWords} from '../catalog/writer-words.js';
import {
	countWords,
	estimatedSeconds,
	type CopyPhase,
	type CopyProgress,
} from '../store/copy/copy-catalog.js';
import type {CopySource} from '../store/copy/copy-ends.js';
import {migrateCatalog, openSource, type Migrated} from '../store/copy/migrate-catalog.js';
import {readStoreAddress, type StoreAddress} from '../store/postgres/address.js';
import {askSecret} from './ask.js';
import {print, type CommandContext} from './command.js';
import {exitCodes} from './exit-codes.js';
import {createLiveLines} from './live-lines.js';
import {storeActions} from './words.js';

export const runStoreCommand = async (context: CommandContext): Promise<number> => {
	const [word, ...others] = context.input;
	const action = storeActions.find(entry => entry === word);
	if (word !== undefined && (action === undefined || others.length > 0)) {
		throw new AppError('usage', `There is no "reelcat store ${clean(context.input.join(' '))}".`, {hint: orNearest(word, storeActions, 'There are: reelcat store migrate --to ADDRESS, and reelcat store password.')});
	}

	requireFlagsOf(action, context);
	switch (action) {
		case undefined: {
			return tellStore(context);
		}

		case 'migrate': {
			return migrate(context);
		}

		case 'password': {
			return keepPassword(context);
		}
	}
};

const requireFlagsOf = (action: typeof storeActions[number] | undefined, {flags}: CommandContext) => {
	if (action !== 'migrate' && (flags.string('to') !== undefined || flags.boolean('dryRun') === true)) {
		throw new AppError('usage', '--to and --dry-run are for "reelcat store migrate".');
	}

	if (action !== 'password' && flags.boolean('forget') === true) {
		throw new AppError('usage', '--forget is for "reelcat store password".');
	}
};

const keepPassword = async (context: CommandContext): Promise<number> => {
	const {session, flags} = context;
	const address = session.storeAddress();
	if (address === undefined) {
		throw new AppError('usage', 'The catalogue is a document, which has no password.', {hint: 'Name the database: reelcat --store postgres://USER@HOST/DATABASE store password.'});
	}

	const kept = await session.storeSecret(address);
	if (flags.boolean('forget') === true) {
		await kept.forget();
		await print(context, {place: address.text, isKept: false}, `The keychain of the system has no password of ${clean(address.text)} any more.\n`);
		return exitCodes.ok.code;
	}

	await kept.prove();
	const password = await askSecret(`Password of ${clean(address.user)} for ${clean(address.text)}: `, context);
	if (password === '') {
		throw new AppError('usage', 'No password was given.', {hint: 'Nothing was kept.'});
	}

	await kept.keep(password);
	await print(context, {place: address.text, isKept: true}, `The keychain of the system keeps the password of ${clean(address.text)}.\n`);
	return exitCodes.ok.code;
};

const tellStore = async (context: CommandContext): Promise<number> => {
	const {session} = context;
	const source = await openSource(session.storePlace(session.storeAddress()), {isLocked: false});
	try {
		const {name, header: {revision, schemaVersion, servers, libraries}, records, eventCount, bytes, holder} = source;
		await print(context, {
			kind: kindOf(session.storeAddress()),
			place: name,
			revision,
			schemaVersion,
			servers: servers.length,
			libraries: libraries.length,
			records,
			events: eventCount,
			bytes,
			writers: allHolders(holder).map(({pid, host, startedAt, servers: own, mayHaveEnded}) => ({
				pid, host, startedAt, ...defined({servers: own, mayHaveEnded}),
			})),
		}, storeLines(context, source).map(line => `${line}\n`).join(''));
		return exitCodes.ok.code;
	} finally {
		await source.close();
	}
};

const kindOf = (address: StoreAddress | undefined) => address === undefined ? 'document' : 'postgres';

const allHolders = (holder: LockHolder | undefined): LockHolder[] => holder === undefined ? [] : [holder, ...holder.others ?? []];

const storeLines = ({session}: CommandContext, {name, header, records, eventCount, bytes, holder}: CopySource): string[] => [
	session.storeAddress() === undefined ? `The catalogue is a document in ${clean(name)}` : `The catalogue is in the database ${clean(name)}`,
	`Revision    ${formatCount(header.revision)} (format ${header.schemaVersion})`,
	`Libraries   ${formatCount(header.libraries.length)} of ${plural(header.servers.length, 'server')}`,
	`Records     ${formatCount(records)}, ${formatBytes(bytes.catalogue)}`,
	`History     ${plural(eventCount, 'event')}, ${formatBytes(bytes.history)}`,
	...holder === undefined ? ['Written by  nobody at the moment'] : allHolders(holder).map(one => `Written by  ${clean(holderWords(one))}`),
];

const migrate = async (context: CommandContext): Promise<number> => {
	const {session, flags, io, signal} = context;
	const to = readTarget(flags.string('to'));
	const isDry = flags.boolean('dryRun') === true;
	const progress = createProgress(context);
	let migrated: Migrated;
	try {
		migrated = await migrateCatalog({
			from: session.storePlace(session.storeAddress()), to: session.storePlace(to), isDry, signal, onProgress: progress.show, say: progress.say,
		});
	} finally {
		progress.end();
	}

	const {source, copied, problems} = migrated;
	const place = to?.text ?? session.storePlace(undefined).folder;
	const about = {
		from: source.name, to: place, revision: source.header.revision, records: copied?.records ?? source.records, events: copied?.events ?? source.eventCount,
	};
	if (copied === undefined) {
		const seconds = estimatedSeconds(source);
		const what = `${countWords(source)} of revision ${formatCount(about.revision)} (${formatBytes(source.bytes.catalogue + source.bytes.history)})`;
		await print(context, {
			isDry: true, ...about, bytes: source.bytes, estimatedSeconds: seconds,
		}, `Would copy ${what} from ${clean(source.name)} to ${clean(place)}, in about ${formatClock(seconds * 1000)}. Nothing was changed.\n`);
		return exitCodes.ok.code;
	}

	for (const problem of problems) {
		io.say(problem, 'bad');
	}

	const what = `${countWords({records: copied.records, eventCount: copied.events})} of revision ${formatCount(about.revision)}`;
	await print(context, {
		ok: problems.length === 0, isDry: false, ...about, resumed: copied.resumed, problems,
	}, [
		`Copied ${what} from ${clean(source.name)} to ${clean(place)} and compared them one by one.`,
		problems.length === 0
			? 'The copy was checked: all in order.'
			: `The copy is the same, but ${plural(problems.length, 'thing')} in it ${problems.length === 1 ? 'is' : 'are'} not in order, as in the catalogue itself; "reelcat verify" says more.`,
		useWords(context, to),
		'The old place stays as it was. Backups are not copied: those of the old place stay there, and the new one gets its own.',
	].map(line => `${line}\n`).join(''));
	return problems.length === 0 ? exitCodes.ok.code : exitCodes.failed.code;
};

const readTarget = (text: string | undefined): StoreAddress | undefined => {
	if (text === undefined) {
		throw new AppError('usage', 'Say where to copy the catalogue.', {hint: 'For instance: reelcat store migrate --to postgres://USER@HOST/DATABASE, or --to document.'});
	}

	return text === 'document' ? undefined : readStoreAddress(text);
};

const useWords = ({session}: CommandContext, to: StoreAddress | undefined): string => {
	const file = clean(`${session.folders().config}/settings.json`);
	return to === undefined
		? `To use it, unset REELCAT_STORE and leave "store" out of ${file}.`
		: `Use it by setting REELCAT_STORE=${to.text} for every reelcat, also for the daemon, or "store": ${JSON.stringify(to.text)} in ${file}.`;
};

const phases: Readonly<Record<CopyPhase, string>> = {
	history: 'history events copied', records: 'records copied', comparison: 'compared', ending: 'compared; making a catalogue of them',
};

const liveEveryMs = 100;
const lineEveryMs = 10_000;

/**
How far the copy is: a line of the terminal that changes, elsewhere a line now and then.
*/
const createProgress = ({io: {stderr, say}}: CommandContext) => {
	const live = stderr.isTTY ? createLiveLines(stderr) : undefined;
	let shownMs = live === undefined ? performance.now() : -Infinity;
	return {
		show({phase, done, total}: CopyProgress) {
			const nowMs = performance.now();
			// The last step may take a while in one piece.
			if (phase !== 'ending' && nowMs - shownMs < (live === undefined ? lineEveryMs : liveEveryMs)) {
				return;
			}

			shownMs = nowMs;
			const line = `${formatCount(done)} of ${formatCount(total)} ${phases[phase]}`;
			if (live === undefined) {
				say(line, 'dim');
			} else {
				live.show([line]);
			}
		},
		say(sentence: string) {
			live?.show([]);
			say(sentence, 'dim');
		},
		end() {
			live?.show([]);
		},
	};
};
