import {clean} from '../../../base/text/clean.js';
import {findAskedField} from '../../../query/language/asked-fields.js';
import {withPick} from '../../../query/language/value-terms.js';
import type {ItemDetail} from '../../../query/types.js';
import {span} from '../../line.js';
import {message, say} from '../../messages.js';
import {cell, short} from '../../parts/cells.js';
import {chooseKey, menuTraits, type Menu} from '../../parts/menu.js';
import {screenModule, type EffectContext} from '../../screen-module.js';
import {
	pop,
	push,
	topScreen,
	type Screen,
	type UiState,
} from '../../ui-state.js';
import {browseOpened} from '../browse/reduce.js';
import {subjectOf} from '../copy/subject.js';

/**
A person or a tag of an item, and the query that finds all that have it.
*/
type NameChoice = {role: string; name: string; asks: string};

type NamesScreen = {name: 'names'; isOverlay: true; title: string; cursor: number; choices: readonly NameChoice[]};

const isNames = (screen: Screen): screen is NamesScreen => screen.name === 'names';

/**
Everybody who made the item or plays in it, and its tags, in the order in which people look for them.
*/
const choicesOf = ({item, people, tags}: ItemDetail): NameChoice[] => {
	// Episodes would hide their shows among the works of a person, except from who comes from one.
	const types = item.type === 'episode' ? 'type:movie,show,episode' : 'type:movie,show';
	const named = (role: string, field: string, names: ReadonlyArray<string | undefined>): NameChoice[] => [...new Set(names)].filter(name => name !== undefined).map(name => ({
		role, name, asks: withPick(types, findAskedField(field)!, {values: [{text: name, isExact: true}]}),
	}));
	const persons = (ids: readonly string[]) => ids.map(id => people.get(id)?.name);
	const tagNames = (ids: readonly string[]) => ids.map(id => tags.get(id)?.name);
	return [
		...named('Director', 'director', persons(item.directors)),
		...named('Writer', 'writer', persons(item.writers)),
		...named('Producer', 'producer', persons(item.producers)),
		...named('Actor', 'actor', persons(item.cast.map(({personId}) => personId))),
		...named('Genre', 'genre', tagNames(item.genres)),
		...named('Collection', 'collection', tagNames(item.collections)),
		...named('Studio', 'studio', tagNames(item.studios)),
		...named('Country', 'country', tagNames(item.countries)),
		...named('Label', 'label', tagNames(item.labels)),
	];
};

const namesOpened = message((state, {title, choices}: Pick<NamesScreen, 'title' | 'choices'>) => push<NamesScreen>(state, {
	name: 'names', isOverlay: true, title, cursor: 0, choices,
}));

const openNames = async ({services, dispatch}: EffectContext, before: UiState) => {
	const [id] = subjectOf(before).itemIds;
	const detail = id === undefined ? undefined : await services.detail(id);
	const choices = detail === undefined ? [] : choicesOf(detail);
	dispatch(detail === undefined || choices.length === 0
		? say({text: 'Nobody and no tag is named here.', tone: 'plain'})
		: namesOpened({title: detail.item.title, choices}));
};

const widestName = 40;
const roleWidth = 12;

const menuOf = (_: UiState, {title, choices, cursor}: NamesScreen): Menu => {
	const nameWidth = Math.min(widestName, Math.max(...choices.map(({name}) => name.length)));
	return {
		title: `People and tags of ${short(title, widestName)}`,
		position: `${cursor + 1}/${choices.length}`,
		keys: 'Enter show all  Esc back',
		choices: choices.map(({role, name}) => {
			const shown = short(clean(name), nameWidth);
			return [span(role.padEnd(roleWidth), 'dim'), span(cell(shown, nameWidth))];
		}),
		cursor,
	};
};

/**
People and tags are places: each leads to all that have it, in all libraries.
*/
export const namesModule = screenModule<NamesScreen>({
	name: 'names',
	title: 'People and tags',
	helpTitle: 'Keys of people and tags',
	spokenName: 'people and tags',
	place: 'in people and tags',
	...menuTraits(menuOf, (_, {choices}) => choices.length),
	keys: [{
		...chooseKey, label: 'show all', help: 'Show everything that has this person or tag',
		update(state) {
			const top = topScreen(state);
			const choice = isNames(top) ? top.choices[top.cursor] : undefined;
			if (choice === undefined) {
				return state;
			}

			const {name: crumb, asks} = choice;
			return browseOpened({
				level: 'movie', crumb, query: {}, asks,
			}).apply(pop(state));
		},
	}],
	keysElsewhere: [{
		id: 'names', keys: ['i'], label: 'people and tags', on: ['browse', 'wall', 'detail'], needsRows: 'first',
		help: 'Who made it and plays in it, and its tags; Enter shows everything that has one',
		disabledReason: state => subjectOf(state).itemIds.length === 0 ? 'There is no item here.' : undefined,
		effect: openNames,
	}],
	spoken(_, {choices, cursor}) {
		const {role, name} = choices[cursor]!;
		return [`${role} ${name}, ${cursor + 1} of ${choices.length}.`];
	},
});
