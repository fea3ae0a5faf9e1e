import {boxLines, boxRoom} from '../../parts/box.js';
import {sentences} from '../../parts/wrap.js';
import {screenModule} from '../../screen-module.js';
import {isImporting, push, type UiState} from '../../ui-state.js';

export const askToQuit = (state: UiState): UiState => push(state, {name: 'quit', isOverlay: true});

const questionOf = (state: UiState) =>
	isImporting(state) ? 'An import is running. Quit and cancel it?' : 'The daemon runs in this app. Quit and end watching?';

export const quitModule = screenModule({
	name: 'quit',
	title: 'Question before quitting',
	helpTitle: 'Keys of the question',
	spokenName: 'question',
	place: 'in this question',
	hints: ['back'],
	keys: [{
		id: 'confirm-quit', keys: ['y', 'enter'], label: 'quit', help: 'Cancel what runs and quit; what is committed stays', isHint: true,
		effect(context) {
			context.services.cancelImport();
			context.quit(0);
		},
	}],
	view({state, layout, theme: {glyphs}}) {
		const {columns} = state.size;
		const lines = sentences([
			questionOf(state),
			isImporting(state)
				? 'What was committed is kept, and the next import goes on from there.'
				: 'What was committed is kept, and the jobs are remembered for the next start of reelcat --watch.',
			'Press y to quit, Esc to go back.',
		], Math.min(64, boxRoom(layout, columns).columns));
		return boxLines({title: 'Quit?', keys: 'y quit  Esc back', lines}, {columns, layout, glyphs});
	},
	spoken: state => [`${questionOf(state)} y for yes, Escape for no.`],
});
