import {filled, line} from '../../line.js';
import {message} from '../../messages.js';
import {
	chooseKey,
	menuLines,
	menuRegions,
	type Menu,
} from '../../parts/menu.js';
import {sentences} from '../../parts/wrap.js';
import {screenModule} from '../../screen-module.js';
import {
	themeLabel,
	themeNames,
	type Theme,
	type ThemeName,
} from '../../theme.js';
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

const themeChosen = message((state, themeName: ThemeName) => ({...state, themeName}));

const cursorOf = ({themeName}: UiState) => themeNames.indexOf(themeName);

const moveTo = (state: UiState, _: ThemeScreen, at: number): UiState => ({...state, themeName: themeNames[Math.max(0, Math.min(themeNames.length - 1, at))]!});

// However long the remark is, the box has one size.
const remarkRows = 3;

const menuOf = (state: UiState, remark = ''): Menu => ({
	title: 'Theme',
	keys: 'Enter keep  Esc back',
	choices: themeNames.map(name => line(themeLabel(name))),
	cursor: cursorOf(state),
	notes: filled(sentences([remark], Math.min(state.size.columns - 10, 52), 'dim'), remarkRows),
});

/**
What this terminal shows of a theme.
*/
const remarks: Record<Theme['colors'], string> = {
	none: 'Colours are off here, so all themes look alike.',
	sixteen: 'This terminal says that it has 16 colours, so it shows those, whatever is chosen. A choice is kept for terminals with more.',
	fine: 'This terminal can show all of them.',
};

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
		...chooseKey, label: 'keep', help: 'Keep the theme that is shown',
		update: pop,
		async effect({services, get}) {
			await services.chooseTheme?.(get().themeName);
		},
	}],
	keysElsewhere: [{
		id: 'theme', keys: ['T'], label: 'theme', help: 'Choose the colours; NO_COLOR and --no-color still win', on: ['place'],
		update: openThemes,
		argument: {
			asks: 'Theme',
			choices: () => themeNames.map(name => ({value: name, title: themeLabel(name)})),
			async run({services, dispatch}, value) {
				const themeName = themeNames.find(name => name === value);
				if (themeName === undefined) {
					return;
				}

				dispatch(themeChosen(themeName));
				await services.chooseTheme?.(themeName);
			},
		},
	}],
	cursor: {
		position: state => ({at: cursorOf(state), length: themeNames.length, rows: themeNames.length}),
		moveTo,
	},
	back(state) {
		const top = topScreen(state);
		return isTheme(top) ? {...pop(state), themeName: top.before} : undefined;
	},
	regions: menuRegions(state => menuOf(state), moveTo),
	view: ({state, theme: {glyphs, colors}}) => menuLines(menuOf(state, remarks[colors]), {state, glyphs}),
	spoken: state => [`Theme ${themeLabel(state.themeName)}, ${cursorOf(state) + 1} of ${themeNames.length}.`],
});
