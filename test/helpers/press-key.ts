import {keysOf} from '../../source/ui/keymap.js';
import type {UiMessage} from '../../source/ui/messages.js';
import {keyPressed} from '../../source/ui/reducer.js';
import {topScreen} from '../../source/ui/ui-state.js';

/**
A message for the key with this id on the screen that is then on top.
*/
export const action = (id: string, count?: number): UiMessage => ({
	apply(state) {
		const {name} = topScreen(state);
		const key = [...keysOf(name, false), ...keysOf(name, true)].find(known => known.id === id);
		if (key === undefined) {
			throw new Error(`No key ${id} on ${name}.`);
		}

		return keyPressed({key, count}).apply(state);
	},
});
