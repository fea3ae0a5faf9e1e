import type {ActionId} from '../keymap.js';
import {editField} from '../screens/connect/reduce.js';
import {moveTo, type ListState} from './list.js';
import {textField, type TextField} from './text-field.js';

const steps = new Map<ActionId, number>([['next-field', 1], ['previous-field', -1]]);

/**
What a key does to a list while its filter is typed.
*/
export const pressInFilter = <Filtered extends {list: ListState; isFiltering: boolean; filter: TextField}>(screen: Filtered, id: ActionId): Filtered => {
	const step = steps.get(id);
	if (step !== undefined) {
		return {...screen, list: moveTo(screen.list, screen.list.cursor + step)};
	}

	if (id === 'accept') {
		return {...screen, isFiltering: false};
	}

	return id === 'cancel'
		? {...screen, isFiltering: false, filter: textField()}
		: {...screen, filter: editField(screen.filter, id)};
};
