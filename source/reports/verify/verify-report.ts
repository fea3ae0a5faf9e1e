import * as z from 'zod';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import {clean} from '../../base/text/clean.js';
import {formatInstant, plural} from '../../base/text/format.js';
import {plainPaint} from '../../base/text/style.js';
import type {Difference} from '../../sync/difference.js';
import {countSchema, jsonSchema, pickFields} from '../printers/data.js';
import {
	ask,
	noCatalogue,
	type CatalogCheck,
	type ReportDefinition,
	type ReportSources,
	type ReportCommand,
} from '../report.js';

const differenceSchema = z.object({
	kind: z.enum(['missing', 'extra', 'different', 'unreadable', 'library-gone']).meta({
		description: 'missing: the catalogue does not have it; extra: the server does not; unreadable: the server could not deliver it',
	}),
	libraryId: z.string(),
	ratingKey: z.string().optional(),
	itemId: z.string().optional(),
	title: z.string().optional(),
	fields: z.array(z.string()).meta({description: 'Names of the fields that differ'}),
});

const comparisonSchema = z.object({
	id: z.string(), name: z.string(), compared: countSchema, differences: z.array(differenceSchema),
});

export const verifyJsonSchema = jsonSchema('verify', {
	ok: z.boolean(),
	revision: countSchema,
	records: countSchema,
	events: countSchema.meta({description: 'In the history'}),
	tombstones: countSchema,
	historySince: z.string().optional().meta({description: 'From when every line of the history has a checksum; older lines are compared as a whole with what they were then. Absent if all lines have one'}),
	held: countSchema.meta({description: 'Items that are missing and held'}),
	problems: z.array(z.string()),
	server: comparisonSchema.optional().meta({description: 'With --server'}),
});

type Verified = CatalogCheck & {server: {id: string; name: string; compared: number; differences: readonly Difference[]} | undefined};

const isProved = ({problems, server}: Verified): boolean => problems.length === 0 && (server?.differences.length ?? 0) === 0;

export const verifyReport: ReportDefinition<{isCompared: boolean}, Verified> = {
	schema: verifyJsonSchema,
	async load({isCompared}, sources) {
		const store = await sources.store();
		const checked = await sources.check();
		return {
			...checked,
			// Whoever lets a script prove a catalogue must hear that it is not where the script looks.
			problems: checked.revision === 0 ? [noCatalogue, ...checked.problems] : checked.problems,
			server: isCompared ? await compare(store, sources) : undefined,
		};
	},
	text(verified, {paint = plainPaint}) {
		const {problems, server} = verified;
		const checked = checkedWords(verified);
		if (isProved(verified)) {
			return [`${checked}: ${paint('good', 'all in order')}.`, ...sinceWords(verified)];
		}

		const differences = server?.differences ?? [];
		return [
			...problems.map(problem => paint('bad', clean(problem))),
			...differences.map(difference => paint('warn', differenceWords(difference))),
			`${checked}: ${plural(problems.length, 'problem')}${server === undefined ? '' : `, ${plural(differences.length, 'difference')}`}.`,
			...sinceWords(verified),
		];
	},
	json: verified => pickFields(verifyJsonSchema, {
		...verified,
		schema: 1,
		ok: isProved(verified),
		server: verified.server && {...verified.server, differences: verified.server.differences.map(difference => pickFields(differenceSchema, difference))},
	}),
	isWell: isProved,
};

export const answerVerify: ReportCommand['answer'] = async ({flags}, sources) => ask(verifyReport, {isCompared: flags.string('server') !== undefined}, sources);

const compare = async (store: CatalogStore, {connect, say, signal}: ReportSources): Promise<Verified['server']> => {
	const [{plex, server}, {compareWithServer}, {normalize}] = await Promise.all([
		connect(),
		import('../../sync/compare-server.js'),
		import('../../plex/normalize/normalize.js'),
	]);
	say(`Comparing with ${clean(server.name)} …`);
	let compared = 0;
	const differences = await compareWithServer({
		plex,
		store,
		normalize,
		server,
		signal,
		onProgress({library, compared: ofLibrary}) {
			compared += ofLibrary;
			say(`${clean(library.title.trim())}: ${plural(ofLibrary, 'item')} compared`);
		},
	});
	return {
		id: server.id, name: server.name, compared, differences,
	};
};

const checkedWords = ({records, events, tombstones, held, server}: Verified) => [
	plural(records, 'record'),
	plural(events, 'history event'),
	plural(tombstones, 'tombstone'),
	...(held === 0 ? [] : [`${plural(held, 'item')} held`]),
	...(server === undefined ? [] : [`${plural(server.compared, 'item')} compared with ${clean(server.name)}`]),
].join(', ');

const sinceWords = ({historySince}: Verified): string[] => historySince === undefined
	? []
	: [`The history is proved line by line from ${formatInstant(historySince)} on, and older files as they were then.`];

const differenceWords = ({kind, libraryId, ratingKey, itemId, title, fields}: Difference): string => {
	const name = [title, ratingKey === undefined ? undefined : `(ratingKey ${ratingKey})`, itemId].filter(part => part !== undefined).join(' ');
	return clean(kind === 'different' ? `different: ${name}: ${fields.join(', ')}` : `${kind}: ${name === '' ? libraryId : name}`);
};
