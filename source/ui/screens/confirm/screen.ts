import {boxLines, boxRoom} from '../../parts/box.js';
import {sentences} from '../../parts/wrap.js';
import {message} from '../../messages.js';
import {screenModule, type EffectContext} from '../../screen-module.js';
import {pop, push, type Screen} from '../../ui-state.js';

type Question = {
	title: string;
	/**
	What will happen, in sentences.
	*/
	sentences: readonly string[];
	/**
	What `y` does, a verb.
	*/
	verb: string;
	act: (context: EffectContext) => Promise<void>;
};

type ConfirmScreen = {name: 'confirm'; isOverlay: true; asked: Question};

const isConfirm = (screen: Screen): screen is ConfirmScreen => screen.name === 'confirm';

/**
Asks before something is done that cannot be taken back.
*/
export const confirmationAsked = message((state, asked: Question) => push<ConfirmScreen>(state, {name: 'confirm', isOverlay: true, asked}));

export const confirmModule = screenModule<ConfirmScreen>({
	name: 'confirm',
	title: 'Question before something is done',
	helpTitle: 'Keys of the question',
	spokenName: 'question',
	place: 'in this question',
	hints: ['back'],
	keys: [{
		id: 'confirm', keys: ['y', 'enter'], label: 'do it', help: 'Do what the question says', isHint: true,
		update: pop,
		async effect(context, before) {
			const confirmed = before.stack.findLast(screen => isConfirm(screen));
			await confirmed?.asked.act(context);
		},
	}],
	view({state, screen: {asked}, layout, theme: {glyphs}}) {
		const {columns} = state.size;
		const keys = `y ${asked.verb}  Esc back`;
		const lines = sentences(layout.isFramed ? asked.sentences : [...asked.sentences, `${keys}.`], Math.min(64, boxRoom(layout, columns).columns));
		return boxLines({title: asked.title, keys, lines}, {columns, layout, glyphs});
	},
	spoken: (_, {asked}) => [asked.title, ...asked.sentences, `y to ${asked.verb}, Escape to go back.`],
});
