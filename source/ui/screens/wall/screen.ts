import {filtering} from '../../parts/filter.js';
import {moveTo} from '../../parts/list.js';
import {screenModule, type KeyBinding} from '../../screen-module.js';
import {changeScreens, type Screen} from '../../ui-state.js';
import {emptyBrowse} from '../browse/lines.js';
import {changeBrowse, type BrowseScreen} from '../browse/reduce.js';
import {browseTraits, listKeys} from '../browse/screen.js';
import {
	gridOf,
	placeInGrid,
	scrollGrid,
	wallWishes,
} from './grid.js';
import {wallLines} from './lines.js';

const isWall = (screen: Screen): screen is BrowseScreen => screen.name === 'wall';

const {filterKeys, typing} = filtering(isWall, changeBrowse);

const sideways = (direction: 1 | -1): KeyBinding['update'] => (state, count = 1) =>
	changeBrowse(state, screen => ({...screen, list: moveTo(screen.list, screen.list.cursor + (direction * count))}));

const wallKeys: readonly KeyBinding[] = [
	...listKeys(['enter'], filterKeys),
	{
		id: 'list', keys: ['v'], label: 'list', help: 'Show the list instead of the posters', isHint: true,
		update: state => changeBrowse(state, screen => ({...screen, name: 'browse', hasPane: true})),
	},
	{
		id: 'left', keys: ['h', 'left'], label: 'left', help: 'To the poster on the left', update: sideways(-1),
	},
	{
		id: 'right', keys: ['l', 'right'], label: 'right', help: 'To the poster on the right', update: sideways(1),
	},
];

/**
The list of a library as a wall of posters. It is the same entry on the stack under another name, so filter, order and cursor stay.
*/
export const wallModule = screenModule<BrowseScreen>({
	...browseTraits,
	name: 'wall',
	title: 'Poster wall',
	helpTitle: 'Keys of the poster wall',
	spokenName: 'posters',
	keys: wallKeys,
	typing,
	cursor: {
		position(state, {level, list}) {
			const {rows, across} = gridOf(state, level);
			return {
				at: list.cursor, length: list.ids.length, rows, across,
			};
		},
		moveTo: (state, _, at) => changeBrowse(state, screen => {
			const {list, level} = screen;
			return {...screen, list: moveTo(list, placeInGrid(at, list.ids.length, gridOf(state, level)))};
		}),
	},
	keepVisible: state => changeScreens(state, isWall, screen => {
		const list = scrollGrid(screen.list, gridOf(state, screen.level));
		return list === screen.list ? screen : {...screen, list};
	}),
	pictures: wallWishes,
	view: props => props.screen.list.ids.length === 0 ? emptyBrowse(props.state, props.screen, props.state.size.columns) : wallLines(props),
});
