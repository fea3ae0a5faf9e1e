import {formatCount, plural} from '../base/text/format.js';
import {clean} from '../base/text/clean.js';
import {paceWords} from '../sync/pace-words.js';
import type {CatalogIndex} from '../query/types.js';
import {sortFieldsOf} from './keymap.js';
import {lineText, type Line} from './line.js';
import {connectChoices} from './screens/connect/reduce.js';
import {selectedLibrary} from './screens/libraries/reduce.js';
import {isImporting, topScreen} from './stack.js';
import {selectedRow} from './screens/report/reduce.js';
import type {
	BrowseScreen,
	ReportScreen,
	ScreenName,
	UiState,
} from './ui-state.js';
import {createTheme} from './theme.js';
import {titleOf} from './screens/browse/lines.js';
import {choiceText} from './screens/connect/lines.js';
import {percent} from './parts/bar.js';
import {contentLines} from './view/content.js';
import {emptyBrowse} from './parts/sentences.js';
import {verdictLines} from './screens/import/lines.js';
import {noLibraries} from './screens/libraries/lines.js';
import {crumbs} from './header.js';
import {alarmSentences, watchSentences} from './screens/watch/spoken.js';
import {reportLines} from './screens/report/lines.js';

const {glyphs} = createTheme({isColor: false, isAscii: true});

/**
The screen as sentences for a screen reader. The app says those that were not there before, so each must change only when it is worth hearing.
*/
export const spokenSentences = (state: UiState, index: Pick<CatalogIndex, 'get'>): string[] => [
	...state.notice === undefined ? [] : [state.notice],
	...state.readOnlyReason === undefined ? [] : [state.readOnlyReason],
	`Screen: ${names[topScreen(state).name]}. ${crumbs(state).join(', ')}. Press question mark for the keys.`,
	...body(state, index),
	...progressSentences(state),
	...alarmSentences(state),
	...state.message === undefined ? [] : [state.message.text],
].map(text => clean(text));

const names: Record<ScreenName, string> = {
	connect: 'connect',
	'sign-in': 'sign in',
	libraries: 'libraries',
	import: 'import',
	problem: 'problem',
	browse: 'list',
	detail: 'detail',
	changes: 'changes',
	timeline: 'timeline',
	runs: 'runs',
	run: 'run',
	log: 'log',
	held: 'held',
	watch: 'watch',
	text: 'text',
	help: 'help',
	sort: 'sort menu',
	quit: 'question',
};

const body = (state: UiState, index: Pick<CatalogIndex, 'get'>): string[] => {
	const screen = topScreen(state);
	switch (screen.name) {
		case 'connect': {
			return connectSentences(state);
		}

		case 'sign-in': {
			return signInSentences(state);
		}

		case 'libraries': {
			return librarySentences(state);
		}

		case 'browse': {
			return browseSentences(state, screen, index);
		}

		case 'sort': {
			return [`Sort by ${sortFieldsOf(state)[screen.cursor]!.label}, ${screen.cursor + 1} of ${sortFieldsOf(state).length}.`];
		}

		case 'import': {
			const problem = state.job.progress.problems[state.job.problems.cursor];
			const slower = paceWords(state.job.progress.pace?.reason);
			return [
				...state.job.failure === undefined ? [] : [`The import failed. ${state.job.failure.message}`, state.job.failure.hint ?? '', 'Press r to try again.'],
				...verdictLines(state, {glyphs, columns: 200, rows: 2}).map(spans => lineText(spans).trim()),
				...slower === undefined || state.job.result !== undefined ? [] : [`Slower: ${slower}.`],
				...problem === undefined ? [] : [`Problem ${state.job.problems.cursor + 1} of ${state.job.problems.ids.length}: ${problem.title ?? problem.library.title}. ${problem.message}`],
			];
		}

		case 'changes':
		case 'timeline':
		case 'runs':
		case 'run':
		case 'log':
		case 'held': {
			return reportSentences(screen);
		}

		case 'detail':
		case 'text':
		case 'problem':
		case 'help': {
			return spokenLines(contentLines(state));
		}

		case 'watch': {
			return watchSentences(state);
		}

		case 'quit': {
			return [`${isImporting(state) ? 'An import is running. Quit and cancel it?' : 'The daemon runs in this app. Quit and end watching?'} y for yes, Escape for no.`];
		}
	}
};

const reportSentences = (screen: ReportScreen): string[] => {
	const {list: {ids, cursor}, filter, kind, isFiltering} = screen;
	const row = selectedRow(screen);
	const narrowed = [
		...!isFiltering && filter.text === '' ? [] : [`Filter: ${filter.text}, ${plural(ids.length, 'row')}.`],
		...kind === undefined ? [] : [`Only ${kind}.`],
	];
	return row === undefined || ids.length === 0
		? [...narrowed, ...spokenLines(reportLines(screen, {glyphs, columns: 1000, rows: 1}))]
		: [...narrowed, `${row.cells.map(text => text.trim()).filter(text => text !== '').join(', ')}, ${formatCount(cursor + 1)} of ${formatCount(ids.length)}.`];
};

/**
What the screen says in so many words.
*/
const spokenLines = (lines: readonly Line[]): string[] => lines.map(spans => lineText(spans).trim()).filter(text => text !== '');

const connectSentences = (state: UiState): string[] => {
	const {connect} = state;
	const choices = connectChoices(state);
	const at = choices.indexOf(connect.choice) + 1;
	const {title, note} = choiceText(state, connect.choice);
	const choice = `${title}, ${note}`;
	return [
		connect.field === undefined
			? `Choice ${at} of ${choices.length}: ${choice}. Enter chooses.`
			: `Text field: ${connect.field === 'url' ? `address, ${connect.url.text === '' ? 'empty' : connect.url.text}` : `token, ${plural(connect.token.caret, 'character')}`}.`,
		...connect.isConnecting ? ['Connecting. Escape cancels.'] : [],
		...connect.failure === undefined ? [] : [connect.failure.message, connect.failure.hint ?? ''],
	];
};

/**
Without the clock, which would be heard every second.
*/
const signInSentences = ({signIn}: UiState): string[] => {
	const {status, code, linkUrl, authUrl, failure, trouble} = signIn;
	switch (status) {
		case 'failed': {
			return [failure?.message ?? '', failure?.hint ?? '', 'Press Enter to try again.'];
		}

		case 'expired': {
			return ['The code has expired. Press Enter for a new one.'];
		}

		case 'finding': {
			return ['Approved. Looking for your servers.'];
		}

		case 'idle':
		case 'starting': {
			return ['Asking plex.tv for a code.'];
		}

		case 'waiting': {
			return [
				...code === undefined ? [] : [`On any device, open ${linkUrl} and enter the code ${code.toUpperCase().split('').join(' ')}.`],
				`Or open this link: ${authUrl}`,
				...trouble === undefined ? [] : [trouble],
				'Waiting for you. Escape cancels.',
			];
		}
	}
};

const librarySentences = (state: UiState): string[] => {
	const row = selectedLibrary(state);
	if (row === undefined) {
		return spokenLines(noLibraries(state, 1000));
	}

	const {ids, cursor} = state.libraries.list;
	const ticked = row.disabledReason ?? (row.isChosen ? 'ticked' : 'not ticked');
	return [`Library ${cursor + 1} of ${ids.length}: ${row.title}, ${ticked}, ${formatCount(row.catalogCount)} in the catalogue.`];
};

const browseSentences = (state: UiState, screen: BrowseScreen, index: Pick<CatalogIndex, 'get'>): string[] => {
	const {ids, cursor, selectedId} = screen.list;
	if (state.load.status !== 'ready') {
		return [state.load.failure === undefined ? 'Loading the catalogue.' : `${state.load.failure.message} ${state.load.failure.hint ?? ''} Press r to try again.`];
	}

	if (screen.answered === undefined) {
		return [];
	}

	const item = selectedId === undefined ? undefined : index.get(selectedId);
	const filter = screen.filter.text === '' || screen.filter.text !== screen.answeredText ? [] : [`Filter: ${screen.filter.text}, ${plural(ids.length, 'row')}.`];
	return item === undefined || ids.length === 0
		? [...filter, ...spokenLines(emptyBrowse(state, screen, 1000))]
		: [...filter, `${titleOf(item)}${item.year === undefined ? '' : `, ${item.year}`}, ${formatCount(cursor + 1)} of ${formatCount(ids.length)}.`];
};

/**
In steps of 10 percent.
*/
const progressSentences = ({job}: UiState): string[] => job.status === 'none'
	? []
	: job.progress.libraries.map(({title, done, expected, phase}) => {
		const step = Math.floor(percent(done, expected) / 10) * 10;
		return phase === 'importing'
			? `${title}: about ${formatCount(Math.floor(expected * step / 100))} of ${formatCount(expected)}, ${step} percent.`
			: `${title}: ${phase}.`;
	});
