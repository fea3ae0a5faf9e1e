import {clean} from '../base/text/clean.js';
import {isText, type Clash, type KeyChanges} from './key-changes.js';
import {keyNamed, shownKey} from './key-names.js';
import {allKeys, clashesOf} from './keymap.js';
import {screens} from './screens/registry.js';

/**
What the settings say about keys. `faults` are sentences; whatever they are about is left as it is by default.
*/
export type KeySettings = {changes: KeyChanges; faults: readonly string[]};

/**
Reads `keys` of the settings, which a person wrote: keys by the id of the action.
*/
export const readKeySettings = (stored: unknown): KeySettings => {
	if (stored === undefined) {
		return {changes: new Map(), faults: []};
	}

	if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
		return {changes: new Map(), faults: ['"keys" must be an object that gives a list of keys to the id of an action.']};
	}

	const changes = new Map<string, readonly string[]>();
	const faults: string[] = [];
	for (const [id, names] of Object.entries(stored)) {
		const read = keysFor(id, names);
		faults.push(...read.faults);
		if (read.keys !== undefined) {
			changes.set(id, read.keys);
		}
	}

	return {changes, faults: [...faults, ...clashSentences(changes)]};
};

const quoted = (text: string) => JSON.stringify(clean(text).slice(0, 40));

const keysFor = (id: string, names: unknown): {keys?: readonly string[]; faults: string[]} => {
	const actions = allKeys.filter(key => key.id === id);
	if (actions.length === 0) {
		return {faults: [`${quoted(id)} is not the id of an action.`]};
	}

	if (actions.every(({isFixed}) => isFixed === true)) {
		return {faults: [`The keys of ${quoted(id)} cannot be changed.`]};
	}

	const all: unknown[] = Array.isArray(names) ? names : [names];
	const isOnlyForTyping = actions.every(({isForTyping}) => isForTyping === true);
	const read = all.map(name => {
		const key = typeof name === 'string' ? keyNamed(name) : undefined;
		const shown = `${typeof name === 'string' ? quoted(name) : 'A key that is not a text'} (${id})`;
		if (key === undefined) {
			return {fault: `${shown} is not the name of a key.`};
		}

		if (/^\d/v.test(key)) {
			return {fault: `${shown} begins a count.`};
		}

		return isOnlyForTyping && isText(key) ? {fault: `${shown} types text where this action is.`} : {key};
	});
	const faults = read.map(({fault}) => fault).filter(fault => fault !== undefined);
	const named = [...new Set(read.map(({key}) => key).filter(key => key !== undefined))];
	const keys = named.filter(key => {
		const first = named.find(other => key.startsWith(`${other} `));
		if (first !== undefined) {
			faults.push(`${shownKey(key)} (${id}) cannot be reached, because ${shownKey(first)} alone does the same.`);
		}

		return first === undefined;
	});
	return keys.length === 0 && faults.length > 0 ? {faults} : {keys, faults};
};

const clashSentences = (changes: KeyChanges): string[] => {
	const all = new Map<string, Clash & {places: string[]}>();
	for (const {name, title} of screens) {
		for (const clash of clashesOf(name, changes)) {
			const id = JSON.stringify([clash.key, clash.winner.id, clash.loser.id]);
			const known = all.get(id) ?? {...clash, places: []};
			all.set(id, {...known, places: [...new Set([...known.places, title])]});
		}
	}

	return all.values().map(({key, winner, loser, places}) => {
		const more = places.length > 2 ? ` and ${places.length - 2} more` : '';
		return `${shownKey(key)} is "${winner.id}" and so no longer "${loser.id}" on ${places.slice(0, 2).join(', ')}${more}.`;
	}).toArray();
};
