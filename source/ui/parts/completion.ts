import {completionPlace, completionsAt, type CompletionPlace} from '../../query/language/completion.js';
import {meantQuery} from '../../query/language/meant.js';
import type {ListQuery} from '../../query/types.js';
import {message, say} from '../messages.js';
import type {EffectContext, KeyBinding} from '../screen-module.js';
import type {UiState} from '../ui-state.js';
import {short} from './cells.js';
import type {Completing, Filtered} from './filter.js';
import {graphemes, newTextField, type TextField} from './text-field.js';

const mostTold = 8;

const told = ({choices, at}: Completing): string => {
	const from = Math.max(0, Math.min(choices.length - mostTold, at - 1));
	const shown = choices.slice(from, from + mostTold).map(({text, note}, index) => {
		const words = `${short(text, 24)}${note === '' ? '' : ` (${short(note, 20)})`}`;
		return from + index === at ? `[${words}]` : words;
	});
	return `${shown.join('  ')}${from + mostTold < choices.length ? '  …' : ''}`;
};

const fieldWith = (text: string, {start, end}: {start: number; end: number}, inserted: string): TextField => {
	const before = `${text.slice(0, start)}${inserted}`;
	return {text: `${before}${text.slice(end)}`, caret: graphemes(before).length};
};

type Services = EffectContext['services'];

/**
The ways to go on; without one, the query that was probably meant.
*/
const choicesFor = async (services: Services, {text, caret}: TextField, scope: () => Promise<ListQuery>): Promise<Completing['choices']> => {
	const place = completionPlace(text, graphemes(text).slice(0, caret).join('').length);
	const choices = place === undefined ? [] : await completionsOf(services, text, {place, scope});
	const meant = choices.length === 0 ? meantQuery(text) : undefined;
	return meant === undefined ? choices : [{text: meant, note: '', field: newTextField(meant)}];
};

const completionsOf = async (services: Services, text: string, {place, scope}: {place: CompletionPlace; scope: () => Promise<ListQuery>}): Promise<Completing['choices']> => {
	const counts = place.kind === 'value' ? await services.index.countValues(place.field.name, await scope()) : [];
	const saved = services.queryWorld().savedNames?.() ?? [];
	return completionsAt(place, {counts, saved}).map(choice => ({...choice, field: fieldWith(text, place, choice.text)}));
};

/**
The keys that complete the query in the filter of a screen. Its values are those of the items in `scopeOf`.
*/
export const completionKeysFor = <Entry extends Filtered>(
	screenOf: (state: UiState) => Entry | undefined,
	change: (state: UiState, update: (screen: Entry) => Entry) => UiState,
	scopeOf: (services: Services, screen: Entry) => Promise<ListQuery>,
): readonly KeyBinding[] => {
	const completed = message((state, completing: Completing) => {
		const {field} = completing.choices[completing.at]!;
		// With only one way to go on, Tab asks anew for what may follow it.
		const isOnly = completing.choices.length === 1;
		const next = change(state, screen => ({...screen, filter: field, completing: isOnly ? undefined : completing}));
		return isOnly ? next : {...next, message: {text: told(completing), tone: 'plain'}};
	});

	/**
	The next way to go on; the first time, they are looked up.
	*/
	const complete = (by: 1 | -1) => async ({services, get, dispatch}: EffectContext): Promise<void> => {
		const screen = screenOf(get());
		if (screen === undefined) {
			return;
		}

		const {completing: known, filter} = screen;
		if (known?.choices[known.at]!.field.text === filter.text) {
			dispatch(completed({...known, at: (known.at + by + known.choices.length) % known.choices.length}));
			return;
		}

		const choices = await choicesFor(services, filter, async () => scopeOf(services, screen));
		// A person may have typed on meanwhile.
		if (screenOf(get())?.filter.text !== filter.text) {
			return;
		}

		dispatch(choices.length === 0
			? say({text: 'No field and no value begins like this.', tone: 'warn'})
			: completed({choices, at: by === 1 ? 0 : choices.length - 1}));
	};

	return [
		{
			id: 'complete', keys: ['tab'], label: 'complete', help: 'Complete the name of a field or a value; again for the next one', isHint: true, isForTyping: true,
			effect: complete(1),
		},
		{
			id: 'complete-back', keys: ['shift-tab'], label: 'complete back', help: 'The completion before', isForTyping: true,
			effect: complete(-1),
		},
	];
};
