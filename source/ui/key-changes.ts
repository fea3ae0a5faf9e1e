import {typedText} from './key-names.js';
import type {KeyBinding} from './screen-module.js';

/**
Keys that the settings give to actions, by the id of the action.
*/
export type KeyChanges = ReadonlyMap<string, readonly string[]>;

export const noKeyChanges: KeyChanges = new Map();

/**
Two actions of one screen with the same key, or with a key that another one begins with. The first has it.
*/
export type Clash = {key: string; winner: KeyBinding; loser: KeyBinding};

/**
Whether a key or a sequence would write into a text that is being typed.
*/
export const isText = (key: string): boolean => typedText(key.split(' ', 1)[0]!) !== undefined;

const isShared = (left: string, right: string) => left === right || left.startsWith(`${right} `) || right.startsWith(`${left} `);

/**
The actions of a screen with the keys that hold. Where two want the same key, one that the settings name has it.
*/
export const withKeyChanges = (bindings: readonly KeyBinding[], changes: KeyChanges, isTyping: boolean): {keys: KeyBinding[]; clashes: Clash[]} => {
	const order = changes.keys().toArray();
	const isChanged = ({id, isFixed}: KeyBinding) => changes.has(id) && isFixed !== true;
	const rank = (binding: KeyBinding) => binding.isFixed === true ? -1 : (isChanged(binding) ? order.indexOf(binding.id) : order.length);
	const taken: Array<{key: string; binding: KeyBinding}> = [];
	const kept = new Map<KeyBinding, string[]>();
	const clashes: Clash[] = [];
	for (const binding of bindings.toSorted((left, right) => rank(left) - rank(right))) {
		const wanted = isChanged(binding) ? changes.get(binding.id)! : binding.keys;
		const mine: string[] = [];
		const usable = isTyping ? wanted.filter(key => !isText(key)) : wanted;
		for (const key of usable) {
			const other = taken.find(known => isShared(known.key, key));
			if (other === undefined) {
				mine.push(key);
			} else {
				clashes.push({key, winner: other.binding, loser: binding});
			}
		}

		taken.push(...mine.map(key => ({key, binding})));
		kept.set(binding, mine);
	}

	return {keys: bindings.map(binding => ({...binding, keys: kept.get(binding)!})), clashes};
};
