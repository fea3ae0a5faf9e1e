import {formatCount, plural} from '../../../base/text/format.js';
import {clean} from '../../../base/text/clean.js';
import type {RowTarget} from '../../../reports/report-row.js';
import {layoutOf} from '../../layout.js';
import {span} from '../../line.js';
import {say} from '../../messages.js';
import {short} from '../../parts/cells.js';
import {filtering} from '../../parts/filter.js';
import {Lines} from '../../parts/lines.js';
import {moveTo, scrollTo} from '../../parts/list.js';
import {textField} from '../../parts/text-field.js';
import {
	screenModule,
	secondPress,
	spokenLines,
	type EffectContext,
	type KeyBinding,
	type ScreenModule,
} from '../../screen-module.js';
import {createTheme} from '../../theme.js';
import {changeScreens, type UiState} from '../../ui-state.js';
import {openLibrary} from '../browse/effects.js';
import {detailOpened} from '../detail/effects.js';
import {cannotImport} from '../import/reduce.js';
import {textOpened} from '../text/screen.js';
import {openReport, refreshReports} from './effects.js';
import {reportLines} from './lines.js';
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
	type ReportScreen,
} from './reduce.js';
import {reportShapes, type ReportShape} from './report-screens.js';

const crumbs = new Map(reportShapes.map(({name, crumb}) => [name, crumb]));

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
		await openReport(context, target, target.name === 'timeline' ? clean(title) : crumbs.get(target.name)!);
	}
};

const {filterKeys, typing} = filtering<ReportScreen>(changeReport);

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

const openers = reportShapes.flatMap(({name, opener}): KeyBinding[] => {
	if (opener === undefined) {
		return [];
	}

	const {ask, ...key} = opener;
	return [{
		...key,
		id: name,
		async effect(context, before) {
			const asked = ask(before, context.services.index);
			if (asked !== undefined) {
				await openReport(context, asked.question, asked.crumb);
			}
		},
	}];
});

const periodKey = (step: 1 | -1, key: Pick<KeyBinding, 'id' | 'keys' | 'label' | 'help'>): KeyBinding => ({
	...key,
	on: ['changes'],
	disabledReason(state) {
		const screen = reportScreen(state);
		return screen !== undefined && !('days' in screen.question) ? 'These are the changes of one run; C on another screen shows those of a period.' : undefined;
	},
	async effect(context) {
		const days = otherPeriod(context.get(), step);
		await openReport(context, {name: 'changes', days}, periodName(days));
	},
});

const heldItems = ({header}: UiState) => {
	let items = 0;
	for (const {sync} of header.libraries) {
		items += sync?.held?.items ?? 0;
	}

	return items;
};

/**
A daemon accepts removals between two jobs, so only an import of this app can prevent it.
*/
const nothingHeld = (state: UiState) => {
	const reason = state.watch.source === undefined ? cannotImport(state) : undefined;
	return reason ?? (state.header.libraries.some(({sync}) => sync?.held !== undefined)
		? undefined
		: 'Nothing is held: what is gone from the server was removed, or nothing is gone.');
};

const acceptPresses = secondPress(8000);

const acceptRemovals: KeyBinding = {
	id: 'accept-removals', keys: ['A'], label: 'accept', on: ['libraries', 'held'],
	help: 'Remove what is gone from the server and held; asks by wanting the key twice',
	disabledReason: nothingHeld,
	async effect(context) {
		const {services, get, dispatch} = context;
		if (!acceptPresses(context).isSecond()) {
			const items = plural(heldItems(get()), 'item');
			dispatch(say({text: `Press A again to remove the ${items} that the server no longer has.`, tone: 'warn'}));
			return;
		}

		const removed = await services.acceptRemovals();
		await refreshReports(context);
		dispatch(say({text: `${plural(removed, 'item')} removed; C shows them, and they are known again should they come back.`, tone: 'good'}));
	},
};

const {glyphs} = createTheme({isColor: false, isAscii: true});

const reportSentences = (screen: ReportScreen, row: ReturnType<typeof selectedRow>, {columns}: ReportShape): string[] => {
	const {list: {ids, cursor}, filter, kind, isFiltering} = screen;
	const narrowed = [
		...!isFiltering && filter.text === '' ? [] : [`Filter: ${filter.text}, ${plural(ids.length, 'row')}.`],
		...kind === undefined ? [] : [`Only ${kind}.`],
	];
	if (row === undefined || ids.length === 0) {
		const lines = reportLines(screen, {
			shape: columns, glyphs, columns: 1000, rows: 1,
		});
		return [...narrowed, ...spokenLines(lines)];
	}

	return [...narrowed, `${row.cells.map(text => text.trim()).filter(text => text !== '').join(', ')}, ${formatCount(cursor + 1)} of ${formatCount(ids.length)}.`];
};

const createReport = (shape: ReportShape): ScreenModule => screenModule<ReportScreen>({
	name: shape.name,
	title: shape.crumb,
	helpTitle: shape.keysTitle,
	spokenName: shape.name,
	place: shape.place,
	groups: ['place', 'view', 'list'],
	hints: ['back', ...shape.hints],
	keys: [openRow, ...filterKeys, ...shape.hasKinds ? [oneKind] : []],
	headerSpans: ({kind}) => kind === undefined ? [] : [span(`  only ${short(kind, 20)}`, 'accent')],
	positionText: (_, {list: {ids, cursor}}) => ids.length === 0 ? '' : `${formatCount(cursor + 1)} of ${formatCount(ids.length)}`,
	cursor: {
		position: (state, {list}) => ({at: list.cursor, length: list.ids.length, rows: layoutOf(state).listRows}),
		moveTo: (state, _, at) => changeReport(state, screen => ({...screen, list: moveTo(screen.list, at)})),
	},
	typing,
	narrowing: {
		isNarrowed,
		clear: state => changeReport(state, screen => ({...screen, filter: textField(), kind: undefined})),
	},
	view({state, screen, theme, layout}) {
		const lines = reportLines(screen, {
			shape: shape.columns, glyphs: theme.glyphs, columns: state.size.columns, rows: layout.listRows,
		});
		return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
	},
	spoken: (state, screen) => reportSentences(screen, selectedRow(state), shape),
});

const [first, ...others] = reportShapes.map(shape => createReport(shape));

/**
One module for each report. The first one has the keys that reports add to other screens, and keeps the cursors of all of them in sight.
*/
export const reportModules: readonly ScreenModule[] = [
	{
		...first!,
		keysElsewhere: [
			...openers,
			periodKey(1, {
				id: 'longer', keys: [']'], label: 'longer', help: 'A longer period',
			}),
			periodKey(-1, {
				id: 'shorter', keys: ['['], label: 'shorter', help: 'A shorter period',
			}),
			acceptRemovals,
		],
		keepVisible(state) {
			const {listRows} = layoutOf(state);
			return changeScreens(state, isReport, screen => {
				const list = scrollTo(screen.list, listRows);
				return list === screen.list ? screen : {...screen, list};
			});
		},
	},
	...others,
];
