import {completionPlace, completionsAt} from '../../../query/language/completion.js';
import {message, say} from '../../messages.js';
import {short} from '../../parts/cells.js';
import {graphemes, newTextField, type TextField} from '../../parts/text-field.js';
import type {EffectContext, KeyBinding} from '../../screen-module.js';
import {planOf} from './effects.js';
import {
	browseScreen,
	changeBrowse,
	scopeOf,
	type Completing,
} from './reduce.js';

const mostTold = 8;

const told = ({choices, at}: Completing): string => {
	const from = Math.max(0, Math.min(choices.length - mostTold, at - 1));
	const shown = choices.slice(from, from + mostTold).map(({text, note}, index) => {
		const words = `${short(text, 24)}${note === '' ? '' : ` (${short(note, 20)})`}`;
		return from + index === at ? `[${words}]` : words;
	});
	return `${shown.join('  ')}${from + mostTold < choices.length ? '  …' : ''}`;
};

const completed = message((state, completing: Completing) => {
	const {field} = completing.choices[completing.at]!;
	// With only one way to go on, Tab asks anew for what may follow it.
	const isOnly = completing.choices.length === 1;
	const next = changeBrowse(state, screen => ({...screen, filter: field, completing: isOnly ? undefined : completing}));
	return isOnly ? next : {...next, message: {text: told(completing), tone: 'plain'}};
});

const fieldWith = (text: string, {start, end}: {start: number; end: number}, inserted: string): TextField => {
	const before = `${text.slice(0, start)}${inserted}`;
	return {text: `${before}${text.slice(end)}`, caret: graphemes(before).length};
};

const choicesFor = async ({services, get}: EffectContext): Promise<Completing['choices']> => {
	const screen = browseScreen(get());
	if (screen === undefined) {
		return [];
	}

	const {text, caret} = screen.filter;
	const place = completionPlace(text, graphemes(text).slice(0, caret).join('').length);
	if (place === undefined) {
		return [];
	}

	const plan = await planOf(services, {...screen, filter: newTextField()});
	const counts = place.kind === 'value' ? await services.index.countValues(place.field.name, {...scopeOf(screen), ...plan && {plan}}) : [];
	const saved = services.queryWorld().savedNames?.() ?? [];
	return completionsAt(place, {counts, saved}).map(choice => ({...choice, field: fieldWith(text, place, choice.text)}));
};

/**
Tab: the next way to go on; the first time, they are looked up.
*/
const complete = (by: 1 | -1) => async (context: EffectContext): Promise<void> => {
	const {get, dispatch} = context;
	const screen = browseScreen(get());
	const known = screen?.completing;
	if (known !== undefined && known.choices[known.at]!.field.text === screen?.filter.text) {
		dispatch(completed({...known, at: (known.at + by + known.choices.length) % known.choices.length}));
		return;
	}

	const text = screen?.filter.text;
	const choices = await choicesFor(context);
	// A person may have typed on meanwhile.
	if (browseScreen(get())?.filter.text !== text) {
		return;
	}

	dispatch(choices.length === 0
		? say({text: 'No field and no value begins like this.', tone: 'warn'})
		: completed({choices, at: by === 1 ? 0 : choices.length - 1}));
};

export const completionKeys: readonly KeyBinding[] = [
	{
		id: 'complete', keys: ['tab'], label: 'complete', help: 'Complete the name of a field or a value; again for the next one', isHint: true, isForTyping: true,
		effect: complete(1),
	},
	{
		id: 'complete-back', keys: ['shift-tab'], label: 'complete back', help: 'The completion before', isForTyping: true,
		effect: complete(-1),
	},
];
