import type {Line} from '../../line.js';
import {filtering} from '../../parts/filter.js';
import {screenModule, type KeyBinding, type ScreenProps} from '../../screen-module.js';
import {changeScreens, type Screen} from '../../ui-state.js';
import {emptyBrowse} from '../browse/lines.js';
import {
	browseScreen,
	changeBrowse,
	moveBrowse,
	type BrowseScreen,
} from '../browse/reduce.js';
import {completionKeys} from '../browse/completion.js';
import {browseTraits, listKeys, listPanel} from '../browse/screen.js';
import {
	gridOf,
	rowsBelow,
	scrollGrid,
	wallRoom,
	wallWishes,
} from './grid.js';
import {wallLines} from './lines.js';
import {moveOnWall, wallRegions} from './regions.js';

const isWall = (screen: Screen): screen is BrowseScreen => screen.name === 'wall';

const {filterKeys, typing} = filtering(isWall, changeBrowse);

const sideways = (direction: 1 | -1): KeyBinding['update'] => (state, count = 1) =>
	moveBrowse(state, (browseScreen(state)?.list.cursor ?? 0) + (direction * count));

const wallKeys: readonly KeyBinding[] = [
	...listKeys(['enter'], filterKeys(completionKeys)),
	{
		id: 'list', keys: ['v'], label: 'list', help: 'Show the list instead of the posters', isHint: true,
		update: state => changeBrowse(state, screen => ({...screen, name: 'browse', hasPane: true})),
	},
	{
		id: 'left', keys: ['h', 'left'], label: 'left', help: 'To the poster on the left', needsRows: 'first', update: sideways(-1),
	},
	{
		id: 'right', keys: ['l', 'right'], label: 'right', help: 'To the poster on the right', needsRows: 'first', update: sideways(1),
	},
];

const panelOfPosters = (props: ScreenProps<BrowseScreen>): Line[] => {
	const {state, screen, layout: {isFramed, bodyRows: rows}} = props;
	const {list, level} = screen;
	const lines = list.ids.length === 0 ? emptyBrowse(state, screen, wallRoom(state).columns) : wallLines(props);
	if (!isFramed) {
		return lines;
	}

	const {across, picture} = gridOf(state, level);
	const rowsOf = (posters: number) => Math.ceil(posters / across) * (picture.rows + rowsBelow);
	return listPanel(props, {
		lines, columns: state.size.columns, rows, scroll: {top: rowsOf(list.top), length: rowsOf(list.ids.length) - 1},
	}, 0);
};

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
		moveTo: moveOnWall,
	},
	regions: wallRegions,
	keepVisible: state => changeScreens(state, isWall, screen => {
		const list = scrollGrid(screen.list, gridOf(state, screen.level));
		return list === screen.list ? screen : {...screen, list};
	}),
	pictures: wallWishes,
	view: panelOfPosters,
});
