import {asciiGlyphs} from '../../theme.js';
import {formatCount, plural} from '../../../base/text/format.js';
import {clean} from '../../../base/text/clean.js';
import {createLibraryNames} from '../../../catalog/library-names.js';
import type {Library} from '../../../catalog/types.js';
import type {RowTarget} from '../../../reports/report-row.js';
import {heldHere} from '../../library-titles.js';
import {span} from '../../line.js';
import {message, say} from '../../messages.js';
import {short} from '../../parts/cells.js';
import {completionKeysFor} from '../../parts/completion.js';
import {filtering} from '../../parts/filter.js';
import {moveTo, placeIn, placeInWords} from '../../parts/list.js';
import {noMarks, withMarks} from '../../parts/marks.js';
import {newTextField} from '../../parts/text-field.js';
import {
	awaitedRows,
	screenModule,
	spokenLines,
	type EffectContext,
	type KeyBinding,
	type ScreenModule,
} from '../../screen-module.js';
import type {UiState} from '../../ui-state.js';
import {openLibrary} from '../browse/effects.js';
import {detailOpened} from '../detail/effects.js';
import {confirmationAsked} from '../confirm/screen.js';
import {cannotImport} from '../import/reduce.js';
import {textOpened} from '../text/screen.js';
import {
	reportNames,
	reportScreenOf,
	type ReportName,
	type ReportQuestion,
} from '../../../reports/registry.js';
import {
	followReport,
	openReport,
	refreshReports,
	startReports,
} from './effects.js';
import {
	changeReport,
	hasHeadings,
	isAsking,
	isNarrowed,
	isReport,
	kindsOf,
	markableIn,
	nextKind,
	otherPeriod,
	periodName,
	reportScreen,
	selectedHeading,
	selectedRow,
	toggleFold,
	type ReportScreen,
} from './reduce.js';
import {
	reportLines,
	reportRegions,
	reportRows,
	reportView,
	shapeOf,
	type ShownColumn,
} from './lines.js';
import {openings} from './report-screens.js';

const shownNames = [...new Set([...openings.keys(), ...reportNames])];

const openTarget = async (context: EffectContext, target: RowTarget, title: string) => {
	const {services, dispatch} = context;
	if ('libraryId' in target) {
		openLibrary(context, target.libraryId);
	} else if ('text' in target) {
		dispatch(textOpened({crumb: target.title, text: target.text}));
	} else if (target.name === 'detail') {
		const item = services.index.get(target.itemId);
		dispatch(item === undefined
			? say({text: 'It is not in the catalogue any more.', tone: 'warn'})
			: detailOpened(item));
	} else {
		const crumb = target.name === 'members' ? target.title : (target.name === 'timeline' ? title : reportScreenOf(target.name).crumb);
		await openReport(context, target, clean(crumb));
	}
};

const {filterKeys, typing, cursor, keepVisible, back} = filtering(isReport, changeReport, {
	rowsOf: (state, screen) => reportRows(state, screen, shapeOf(screen.name)),
	markableIn,
});

const keysOfWords = filterKeys();

// Changes may be of any item, so the values are those of the whole catalogue.
const keysOfQuery = filterKeys(completionKeysFor(reportScreen, changeReport, async () => ({})));

const foldKey: KeyBinding = {
	id: 'fold', keys: ['z'], label: 'fold', help: 'Hide or show the rows of this library', needsRows: 'first',
	disabledReason(state) {
		const screen = reportScreen(state);
		return screen === undefined || !hasHeadings(screen) || selectedHeading(state) === undefined ? 'There is nothing to fold here.' : undefined;
	},
	update: toggleFold,
};

const openRow: KeyBinding = {
	id: 'open', keys: ['enter', 'l', 'right'], label: 'open', help: 'Open what is selected', isHint: true, needsRows: 'first',
	disabledReason: state => selectedRow(state)?.opens === undefined ? 'This row opens nothing.' : undefined,
	async effect(context, before) {
		const row = selectedRow(before);
		if (row?.opens !== undefined) {
			await openTarget(context, row.opens, row.cells[2] ?? '');
		}
	},
};

const noKinds = (state: UiState) => {
	const screen = reportScreen(state);
	return screen !== undefined && kindsOf(screen).length < 2 && screen.kind === undefined ? 'All rows are of one kind.' : undefined;
};

const oneKind: KeyBinding = {
	id: 'kind', keys: ['f'], label: 'one kind', help: 'Only rows of one kind, such as what was added; again for the next kind', needsRows: 'first',
	disabledReason: noKinds,
	update: nextKind,
};

const openers = shownNames.flatMap((name): KeyBinding[] => {
	const {key, crumb} = reportScreenOf(name);
	if (key === undefined) {
		return [];
	}

	// A report that needs more than its name has an entry in `openings`.
	const question = {name};
	const {ask = () => ({question: question as ReportQuestion, crumb}), on = ['place'], disabledReason, needsRows} = openings.get(name) ?? {};
	return [{
		...key,
		id: name,
		on,
		...disabledReason !== undefined && {disabledReason},
		...needsRows !== undefined && {needsRows},
		async effect(context, before) {
			const asked = ask(before, context.services.index);
			if (asked !== undefined) {
				await openReport(context, asked.question, asked.crumb);
			}
		},
	}];
});

const periodKey = (id: string, step: 1 | -1, key: Pick<KeyBinding, 'keys' | 'label' | 'help'>): KeyBinding => ({
	...key,
	id,
	on: ['changes'],
	disabledReason(state) {
		const screen = reportScreen(state);
		return screen !== undefined && !('days' in screen.question) ? 'These are the changes of one run; press C on another screen for a period.' : undefined;
	},
	async effect(context) {
		const days = otherPeriod(context.get(), step);
		await openReport(context, {name: 'changes', days}, periodName(days));
	},
});

const heldItems = (libraries: readonly Library[]) => libraries.reduce((items, {sync}) => items + (sync?.held?.items ?? 0), 0);

/**
A daemon accepts removals between two jobs, so only an import of this app can prevent it.
*/
const nothingHeld = (state: UiState) => {
	const reason = state.watch.source === undefined ? cannotImport(state) : undefined;
	if (reason !== undefined || heldHere(state).length > 0) {
		return reason;
	}

	return state.header.libraries.some(({sync}) => sync?.held !== undefined)
		? 'What is held is of another server; connect to it with c first.'
		: 'Nothing is held: no removal waits for you.';
};

/**
A question may stand for hours, and a disk may go away meanwhile. Then it is not what a person has agreed to.
*/
const removeHeld = async (context: EffectContext, asked: readonly Library[]) => {
	const {services, get, dispatch} = context;
	const heldIn = (libraries: readonly Library[]) => JSON.stringify(libraries.map(({id, sync}) => [id, sync?.held]));
	if (heldIn(heldHere(get())) !== heldIn(asked)) {
		dispatch(say({text: 'Nothing was removed: what is held has changed since the question. A asks again.', tone: 'warn'}));
		return;
	}

	const removed = await services.acceptRemovals(asked.map(({id}) => id));
	await refreshReports(context);
	dispatch(say({text: `${plural(removed, 'item')} removed. C shows them; they are recognised if they come back.`, tone: 'good'}));
};

const acceptRemovals: KeyBinding = {
	id: 'accept-removals', keys: ['A'], label: 'accept', on: ['libraries', 'held'],
	help: 'Remove the items that are gone from the server and held, after a question',
	disabledReason: nothingHeld,
	effect({get, dispatch}) {
		const held = heldHere(get());
		const {hasSeveralServers, serverName, printed} = createLibraryNames(get().header);
		const server = hasSeveralServers ? serverName(held[0]!.serverId) ?? 'the server' : 'the server';
		const items = heldItems(held);
		dispatch(confirmationAsked({
			title: 'Remove what is held?',
			sentences: [
				`${plural(items, 'item')} that ${server} no longer has will be removed from the catalogue: ${held.map(({id, title, sync}) => `${printed(id) ?? title} ${formatCount(sync!.held!.items)}`).join(', ')}.`,
				'Their history stays, and they are recognised if they come back. Nothing changes on the server.',
			],
			verb: 'remove',
			act: async context => removeHeld(context, held),
		}));
	},
};

const reportSentences = (screen: ReportScreen, row: ReturnType<typeof selectedRow>, shape: readonly ShownColumn[]): string[] => {
	const {list, list: {ids}, filter, kind, isFiltering} = screen;
	const isRow = markableIn(screen);
	const narrowed = [
		...!isFiltering && filter.text === '' ? [] : [`Filter: ${filter.text}, ${plural([...ids].filter(id => isRow(id)).length, 'row')}.`],
		...kind === undefined ? [] : [`Only ${kind}.`],
	];
	if (row === undefined || ids.length === 0) {
		const lines = reportLines(screen, {
			shape, glyphs: asciiGlyphs, columns: 1000, rows: 1, isFramed: false,
		});
		return [...narrowed, ...spokenLines(lines)];
	}

	return [...narrowed, `${row.cells.map(text => text.trim()).filter(text => text !== '').join(', ')}, ${placeInWords(list)}.`];
};

const rowClicked = message((state, at: number) => changeReport(state, screen => ({...screen, list: moveTo(screen.list, at)})));

const createReport = (name: ReportName): ScreenModule => {
	const {crumb, keysTitle, place, kinds} = reportScreenOf(name);
	const shape = shapeOf(name);
	return screenModule<ReportScreen>({
		name,
		title: crumb,
		helpTitle: keysTitle,
		spokenName: name,
		place,
		groups: ['place', 'view', 'list'],
		hints: ['back', ...kinds === 'shown' ? ['kind'] : [], ...openings.get(name)?.hints ?? []],
		keys: [openRow, ...isAsking({name}) ? keysOfQuery : keysOfWords, ...kinds === undefined ? [] : [oneKind], ...name === 'changes' ? [foldKey] : []],
		awaited(state, key) {
			const screen = reportScreen(state);
			return awaitedRows(key, screen !== undefined && screen.rows === undefined && screen.failure === undefined);
		},
		headerSpans: ({kind}) => kind === undefined ? [] : [span(`  only ${short(kind, 20)}`, 'accent')],
		positionText: (_, screen) => withMarks(screen, placeIn(screen.list), markableIn(screen)),
		hasOwnPosition: true,
		cursor,
		regions: (state, screen) => reportRegions(state, screen, shape, rowClicked),
		typing,
		back,
		narrowing: {
			isNarrowed,
			clear: state => changeReport(state, screen => ({
				...screen, filter: newTextField(), kind: undefined, marks: noMarks,
			})),
		},
		view: ({state, screen, theme}) => reportView(state, screen, {shape, glyphs: theme.glyphs, title: crumb}),
		spoken: (state, screen) => reportSentences(screen, selectedRow(state), shape),
	});
};

const [first, ...others] = shownNames.map(name => createReport(name));

/**
One module for each report. The first one has the keys that reports add to other screens, and keeps the cursors of all of them in sight.
*/
export const reportModules: readonly ScreenModule[] = [
	{
		...first!,
		keysElsewhere: [
			...openers,
			periodKey('longer', 1, {keys: [']'], label: 'longer', help: 'A longer period'}),
			periodKey('shorter', -1, {keys: ['['], label: 'shorter', help: 'A shorter period'}),
			acceptRemovals,
		],
		keepVisible,
		start: startReports,
		follow: followReport,
	},
	...others,
];
