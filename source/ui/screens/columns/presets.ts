import {itemPresets} from '../../../reports/items/presets.js';
import {span} from '../../line.js';
import {chooseKey, menuTraits, type Menu} from '../../parts/menu.js';
import {screenModule} from '../../screen-module.js';
import {
	pop,
	push,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {keepChoices} from './effects.js';
import {relistColumns, usePreset} from './reduce.js';

type PresetsScreen = {name: 'column-presets'; isOverlay: true; cursor: number};

const isPresets = (screen: Screen): screen is PresetsScreen => screen.name === 'column-presets';

export const openPresets = (state: UiState): UiState => push<PresetsScreen>(state, {name: 'column-presets', isOverlay: true, cursor: 0});

const choices = [
	{name: 'standard', about: 'the standard columns', preset: undefined},
	...itemPresets.entries().map(([name, preset]) => ({name, about: preset.about, preset})),
];

const widest = Math.max(...choices.map(({name}) => name.length));

const menuOf = (_: UiState, {cursor}: PresetsScreen): Menu => ({
	title: 'Presets of columns',
	keys: 'Enter choose  Esc back',
	choices: choices.map(({name, about}) => [span(`${name.padEnd(widest)}  `), span(about, 'dim')]),
	cursor,
});

/**
The presets of `reelcat ls`, for the list beneath.
*/
export const presetsModule = screenModule<PresetsScreen>({
	name: 'column-presets',
	title: 'Presets of columns',
	helpTitle: 'Keys of the presets',
	spokenName: 'presets of columns',
	place: 'in the presets',
	...menuTraits(menuOf, () => choices.length),
	keys: [{
		...chooseKey,
		update(state) {
			const top = topScreen(state);
			const choice = isPresets(top) ? choices[top.cursor] : undefined;
			return choice === undefined ? state : relistColumns(usePreset(pop(state), choice.name, choice.preset));
		},
		effect: keepChoices,
	}],
	spoken(_, {cursor}) {
		const {name, about} = choices[cursor]!;
		return [`Preset ${name}: ${about}, ${cursor + 1} of ${choices.length}.`];
	},
});
