import {plural} from '../../../base/text/format.js';
import {reportNames} from '../../../reports/registry.js';
import {line} from '../../line.js';
import {boxLines} from '../../parts/box.js';
import {chooseKey, menuCursor} from '../../parts/menu.js';
import {screenModule, type EffectContext, type KeyBinding} from '../../screen-module.js';
import {
	pop,
	push,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {
	copyChoice,
	exportSubject,
	followMarks,
	openInWeb,
	playSubject,
	startMarks,
} from './effects.js';
import {subjectOf, type Subject} from './subject.js';
import {copyChoices, type CopyChoice} from './texts.js';

type CopyScreen = {name: 'copy'; isOverlay: true; cursor: number; subject: Subject};

const isCopy = (screen: Screen): screen is CopyScreen => screen.name === 'copy';

const on = ['browse', 'detail', ...reportNames];

const noItem = (what: string) => (state: UiState) => subjectOf(state).itemIds.length === 0 ? `There is no item here to ${what}.` : undefined;

const oneItem = (what: string) => (state: UiState) =>
	subjectOf(state).itemIds.length > 1 ? `Only one item can be ${what} at a time; Esc takes the marks away.` : noItem(`be ${what}`)(state);

const itemKeys: readonly KeyBinding[] = [
	{
		id: 'copy', keys: ['y'], label: 'copy', help: 'Copy the title, path, ids or record of the item, or of all that are marked', on, needsRows: 'first',
		disabledReason: state => copyChoices(subjectOf(state)).length === 0 ? 'There is nothing to copy here.' : undefined,
		update: state => push<CopyScreen>(state, {
			name: 'copy', isOverlay: true, cursor: 0, subject: subjectOf(state),
		}),
	},
	{
		id: 'export', keys: ['e'], label: 'export', help: 'Write the records of the item, or of all that are marked, to a file as NDJSON', on, needsRows: 'first',
		disabledReason: noItem('export'),
		effect: exportSubject,
	},
	{
		id: 'open-web', keys: ['o'], label: 'Plex Web', help: 'Open the item in Plex Web', on, needsRows: 'first',
		disabledReason: oneItem('opened'),
		effect: openInWeb,
	},
	{
		id: 'play', keys: ['P'], label: 'play', help: 'Play the item with mpv', on, needsRows: 'first',
		disabledReason: oneItem('played'),
		effect: playSubject,
	},
];

const choose = async (context: EffectContext, before: UiState, pick: (choices: readonly CopyChoice[], cursor: number) => CopyChoice | undefined) => {
	const screen = topScreen(before);
	const choice = isCopy(screen) ? pick(copyChoices(screen.subject), screen.cursor) : undefined;
	if (choice !== undefined && isCopy(screen)) {
		await copyChoice(context, choice, screen.subject);
	}
};

const letterKeys = copyChoices({itemIds: ['any'], rowTexts: ['any']}).map(({kind, key, label}): KeyBinding => ({
	id: `copy-${kind}`, keys: [key], label: label.toLowerCase(), help: `Copy: ${label}`,
	disabledReason(state) {
		const screen = topScreen(state);
		return isCopy(screen) && copyChoices(screen.subject).some(choice => choice.kind === kind) ? undefined : `There is no ${label.toLowerCase()} to copy here.`;
	},
	update: pop,
	effect: async (context, before) => choose(context, before, choices => choices.find(choice => choice.kind === kind)),
}));

const headingOf = ({itemIds, rowTexts}: Subject): string => {
	const count = Math.max(itemIds.length, rowTexts.length);
	return count === 1 ? 'Copy' : `Copy of ${plural(count, itemIds.length >= rowTexts.length ? 'item' : 'row')}`;
};

export const copyModule = screenModule<CopyScreen>({
	name: 'copy',
	title: 'Copy',
	helpTitle: 'Keys of the copy menu',
	spokenName: 'copy menu',
	place: 'in the copy menu',
	groups: ['menu'],
	hints: ['down', 'up', 'back'],
	keys: [
		{
			...chooseKey, label: 'copy', help: 'Copy what is selected',
			update: pop,
			effect: async (context, before) => choose(context, before, (choices, cursor) => choices[cursor]),
		},
		...letterKeys,
	],
	keysElsewhere: itemKeys,
	cursor: menuCursor((_, {subject}) => copyChoices(subject).length),
	view({state, screen, theme: {glyphs}, layout}) {
		const {cursor, subject} = screen;
		return boxLines({
			title: headingOf(subject),
			keys: 'Enter copy',
			lines: copyChoices(subject).map(({key, label}, index) => index === cursor
				? line(`${glyphs.pointer} ${key}  ${label}`, 'selected')
				: line(`  ${key}  ${label}`)),
		}, {columns: state.size.columns, layout, glyphs});
	},
	spoken(_, {cursor, subject}) {
		const choices = copyChoices(subject);
		return [`Copy ${choices[cursor]!.label}, ${cursor + 1} of ${choices.length}. Or press its letter: ${choices.map(({key, label}) => `${key} for ${label}`).join(', ')}.`];
	},
	start: startMarks,
	follow: followMarks,
});
