import {asciiGlyphs, type Glyphs} from '../../theme.js';
import {plural} from '../../../base/text/format.js';
import {clean} from '../../../base/text/clean.js';
import {createLibraryNames} from '../../../catalog/library-names.js';
import type {Library} from '../../../catalog/types.js';
import type {RowTarget, ReportRow} from '../../../reports/report-row.js';
import {heldHere} from '../../library-titles.js';
import {span, line, type Line} from '../../line.js';
import {say} from '../../messages.js';
import {short, cell} from '../../parts/cells.js';
import {filtering} from '../../parts/filter.js';
import {placeIn} from '../../parts/list.js';
import {newTextField} from '../../parts/text-field.js';
import {
	screenModule,
	secondPress,
	spokenLines,
	type EffectContext,
	type KeyBinding,
	type ScreenModule,
} from '../../screen-module.js';
import type {UiState} from '../../ui-state.js';
import {openLibrary} from '../browse/effects.js';
import {detailOpened} from '../detail/effects.js';
import {cannotImport} from '../import/reduce.js';
import {textOpened} from '../text/screen.js';
import {failureLines} from '../../parts/failure.js';
import {sentences} from '../../parts/wrap.js';
import {
	reportNames,
	reportScreenOf,
	type ReportName,
	type ReportQuestion,
} from '../../../reports/registry.js';
import type {ReportColumn} from '../../../reports/printers/table.js';
import {openReport, refreshReports} from './effects.js';
import {
	changeReport,
	isNarrowed,
	isReport,
	kindsOf,
	nextKind,
	otherPeriod,
	periodName,
	reportScreen,
	selectedRow,
	rowsById,
	type ReportScreen,
} from './reduce.js';
import {openings} from './report-screens.js';

const gap = '  ';
const pointerWidth = 2;

type ShownColumn = Omit<NonNullable<ReportColumn<never>['screen']>, 'cell'> & {heading: string; align: 'left' | 'right'};

type Fitted = ReadonlyArray<{index: number; heading: string; width: number; align: 'left' | 'right'}>;

const fitted = (all: readonly ShownColumn[], columns: number): Fitted => {
	const shown = all.map((column, index) => ({...column, index})).filter(({minColumns = 0}) => columns >= minColumns);
	let left = columns - pointerWidth - (gap.length * (shown.length - 1));
	let shares = 0;
	for (const {width} of shown) {
		left -= typeof width === 'number' ? width : 0;
		shares += typeof width === 'number' ? 0 : width.share;
	}

	return shown.map(({index, heading, width, align}) => ({
		index, heading, align, width: typeof width === 'number' ? width : Math.max(4, Math.floor(left * width.share / shares)),
	}));
};

type Options = {shape: readonly ShownColumn[]; glyphs: Glyphs; columns: number; rows: number};

const reportLines = (screen: ReportScreen, {shape, glyphs, columns, rows}: Options): Line[] => {
	const {failure, list} = screen;
	if (failure !== undefined) {
		return failureLines(failure, columns, 'Press r to try again, or Esc to go back.');
	}

	if (screen.rows === undefined) {
		return sentences(['Reading …'], columns, 'dim');
	}

	if (list.ids.length === 0) {
		return sentences(isNarrowed(screen) ? ['Nothing matches the filter.', 'Press Esc to clear it.'] : ['There is nothing here.'], columns);
	}

	const byId = rowsById(screen.rows);
	const fit = fitted(shape, columns);
	const heading = fit.map(({heading: text, width, align}) => cell(text, width, align)).join(gap);
	return [
		line(`${' '.repeat(pointerWidth)}${heading}`, 'strong'),
		...list.ids.slice(list.top, list.top + rows).map((id, offset) => rowLine(byId.get(id)!, list.top + offset === list.cursor, {fit, glyphs, columns})),
	];
};

const rowLine = ({cells, isHeading = false, tone}: ReportRow, isSelected: boolean, {fit, glyphs, columns}: {fit: Fitted; glyphs: Glyphs; columns: number}): Line => {
	const pointer = isSelected ? `${glyphs.pointer} ` : ' '.repeat(pointerWidth);
	const text = isHeading
		? cell(cells[0] ?? '', columns - pointerWidth)
		: fit.map(({index, width, align}) => cell(cells[index] ?? '', width, align)).join(gap);
	return [span(`${pointer}${text}`, isSelected ? 'selected' : (tone ?? (isHeading ? 'strong' : 'plain')))];
};

const shownNames = [...new Set([...openings.keys(), ...reportNames])];

const openTarget = async (context: EffectContext, target: RowTarget, title: string) => {
	const {services, dispatch} = context;
	if ('libraryId' in target) {
		openLibrary(context, target.libraryId);
	} else if ('text' in target) {
		dispatch(textOpened({crumb: target.title, text: target.text}));
	} else if (target.name === 'detail') {
		dispatch(services.index.get(target.itemId) === undefined
			? say({text: 'It is not in the catalogue any more.', tone: 'warn'})
			: detailOpened(target.itemId));
	} else {
		const crumb = target.name === 'members' ? target.title : (target.name === 'timeline' ? title : reportScreenOf(target.name).crumb);
		await openReport(context, target, clean(crumb));
	}
};

const {filterKeys, typing, cursor, keepVisible} = filtering(isReport, changeReport);

const openRow: KeyBinding = {
	id: 'open', keys: ['enter', 'l', 'right'], label: 'open', help: 'Open what is selected', isHint: true,
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
	id: 'kind', keys: ['f'], label: 'one kind', help: 'Only rows of one kind, such as what was added; again for the next kind',
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
	const {ask = () => ({question: question as ReportQuestion, crumb}), on = ['place'], disabledReason} = openings.get(name) ?? {};
	return [{
		...key,
		id: name,
		on,
		...disabledReason !== undefined && {disabledReason},
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

const acceptPresses = secondPress(8000);

const acceptRemovals: KeyBinding = {
	id: 'accept-removals', keys: ['A'], label: 'accept', on: ['libraries', 'held'],
	help: 'Remove the items that are gone from the server and held; press it twice',
	disabledReason: nothingHeld,
	async effect(context) {
		const {services, get, dispatch} = context;
		if (!acceptPresses(context).isSecond()) {
			const {header} = get();
			const held = heldHere(get());
			const {hasSeveralServers, serverName} = createLibraryNames(header);
			const server = hasSeveralServers ? serverName(held[0]!.serverId) ?? 'the server' : 'the server';
			const items = plural(heldItems(held), 'item');
			dispatch(say({text: `Press A again to remove the ${items} that ${server} no longer has.`, tone: 'warn'}));
			return;
		}

		const libraryIds = heldHere(get()).map(({id}) => id);
		const removed = await services.acceptRemovals(libraryIds);
		await refreshReports(context);
		dispatch(say({text: `${plural(removed, 'item')} removed. C shows them; they are recognised if they come back.`, tone: 'good'}));
	},
};

const reportSentences = (screen: ReportScreen, row: ReturnType<typeof selectedRow>, shape: readonly ShownColumn[]): string[] => {
	const {list, list: {ids}, filter, kind, isFiltering} = screen;
	const narrowed = [
		...!isFiltering && filter.text === '' ? [] : [`Filter: ${filter.text}, ${plural(ids.length, 'row')}.`],
		...kind === undefined ? [] : [`Only ${kind}.`],
	];
	if (row === undefined || ids.length === 0) {
		const lines = reportLines(screen, {
			shape, glyphs: asciiGlyphs, columns: 1000, rows: 1,
		});
		return [...narrowed, ...spokenLines(lines)];
	}

	return [...narrowed, `${row.cells.map(text => text.trim()).filter(text => text !== '').join(', ')}, ${placeIn(list)}.`];
};

const createReport = (name: ReportName): ScreenModule => {
	const {crumb, keysTitle, place, kinds, columns} = reportScreenOf(name);
	const shape = columns.flatMap(({heading, align = 'left', screen}): ShownColumn[] => screen === undefined ? [] : [{heading, align, ...screen}]);
	return screenModule<ReportScreen>({
		name,
		title: crumb,
		helpTitle: keysTitle,
		spokenName: name,
		place,
		groups: ['place', 'view', 'list'],
		hints: ['back', ...kinds === 'shown' ? ['kind'] : [], ...openings.get(name)?.hints ?? []],
		keys: [openRow, ...filterKeys, ...kinds === undefined ? [] : [oneKind]],
		headerSpans: ({kind}) => kind === undefined ? [] : [span(`  only ${short(kind, 20)}`, 'accent')],
		positionText: (_, {list}) => placeIn(list),
		cursor,
		typing,
		narrowing: {
			isNarrowed,
			clear: state => changeReport(state, screen => ({...screen, filter: newTextField(), kind: undefined})),
		},
		view: ({state, screen, theme, layout}) => reportLines(screen, {
			shape, glyphs: theme.glyphs, columns: state.size.columns, rows: layout.listRows,
		}),
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
	},
	...others,
];
