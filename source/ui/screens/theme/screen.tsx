import {line} from '../../line.js';
import {boxLines} from '../../parts/box.js';
import {screenModule} from '../../screen-module.js';
import {themeLabel, themeNames, type ThemeName} from '../../theme.js';
import {
	pop,
	push,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';

/**
`before` is the theme that Esc brings back.
*/
type ThemeScreen = {name: 'theme'; isOverlay: true; before: ThemeName};

const isTheme = (screen: Screen): screen is ThemeScreen => screen.name === 'theme';

const openThemes = (state: UiState): UiState => push<ThemeScreen>(state, {name: 'theme', isOverlay: true, before: state.themeName});

const cursorOf = ({themeName}: UiState) => themeNames.indexOf(themeName);

/**
The theme under the cursor is shown at once.
*/
export const themeModule = screenModule<ThemeScreen>({
	name: 'theme',
	title: 'Theme',
	helpTitle: 'Keys of the themes',
	spokenName: 'themes',
	place: 'in the themes',
	groups: ['menu'],
	hints: ['down', 'up', 'back'],
	keys: [{
		id: 'open', keys: ['enter', 'l', 'right'], label: 'keep', help: 'Keep the theme that is shown', isHint: true,
		update: pop,
		effect({services, get}) {
			services.chooseTheme?.(get().themeName);
		},
	}],
	keysElsewhere: [{
		id: 'theme', keys: ['T'], label: 'theme', help: 'Choose the colours; NO_COLOR and --no-color still win', on: ['place'],
		update: openThemes,
	}],
	cursor: {
		position: state => ({at: cursorOf(state), length: themeNames.length, rows: themeNames.length}),
		moveTo: (state, _, at) => ({...state, themeName: themeNames[Math.max(0, Math.min(themeNames.length - 1, at))]!}),
	},
	back(state) {
		const top = topScreen(state);
		return isTheme(top) ? {...pop(state), themeName: top.before} : undefined;
	},
	view({state, layout, theme: {glyphs}}) {
		const at = cursorOf(state);
		return boxLines({
			title: 'Theme',
			keys: 'Enter keep  Esc back',
			lines: themeNames.map((name, index) => index === at
				? line(`${glyphs.pointer} ${themeLabel(name)}`, 'selected')
				: line(`  ${themeLabel(name)}`)),
		}, {columns: state.size.columns, layout, glyphs});
	},
	spoken: state => [`Theme ${themeLabel(state.themeName)}, ${cursorOf(state) + 1} of ${themeNames.length}.`],
});
