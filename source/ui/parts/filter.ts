import type {KeyBinding, ScreenModule} from '../screen-module.js';
import type {Screen, UiState} from '../ui-state.js';
import {moveTo, type ListState} from './list.js';
import {
	editText,
	insertText,
	textField,
	type TextField,
} from './text-field.js';

export type Filtered = Screen & {list: ListState; isFiltering: boolean; filter: TextField};

/**
The keys, the typing and the cursor of a screen with a list and a filter. `change` changes the topmost screen of that kind.
*/
export const filtering = <Entry extends Filtered>(change: (state: UiState, update: (screen: Entry) => Entry) => UiState): {
	filterKeys: readonly KeyBinding[];
	typing: NonNullable<ScreenModule<Entry>['typing']>;
} => {
	const step = (by: 1 | -1) => (state: UiState) => change(state, screen => ({...screen, list: moveTo(screen.list, screen.list.cursor + by)}));
	return {
		filterKeys: [
			{
				id: 'filter', keys: ['/'], label: 'filter', help: 'Filter as you type', isHint: true,
				update: state => change(state, screen => ({...screen, isFiltering: true})),
			},
			{
				id: 'accept', keys: ['enter'], label: 'keep', help: 'Keep the filter and go to the list', isHint: true, isForTyping: true,
				update: state => change(state, screen => ({...screen, isFiltering: false})),
			},
			{
				id: 'cancel', keys: ['escape'], label: 'clear', help: 'Clear the filter and go to the list', isHint: true, isForTyping: true,
				update: state => change(state, screen => ({...screen, isFiltering: false, filter: textField()})),
			},
			{
				id: 'next-field', keys: ['down', 'tab'], label: 'down', help: 'Down, while filtering', isHint: true, isForTyping: true,
				update: step(1),
			},
			{
				id: 'previous-field', keys: ['up', 'shift-tab'], label: 'up', help: 'Up, while filtering', isHint: true, isForTyping: true,
				update: step(-1),
			},
		],
		typing: {
			isOpen: (_, screen) => screen.isFiltering,
			insert: (state, text) => change(state, screen => ({...screen, filter: insertText(screen.filter, text)})),
			edit: (state, edit) => change(state, screen => ({...screen, filter: editText(screen.filter, edit)})),
		},
	};
};
