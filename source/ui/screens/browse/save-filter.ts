import {say} from '../../messages.js';
import type {KeyBinding} from '../../screen-module.js';
import {push, type UiState} from '../../ui-state.js';
import {paletteAsking, type PaletteScreen} from '../palette/reduce.js';
import {browseScreen} from './reduce.js';

const noFilter = (state: UiState) => browseScreen(state)?.filter.text.trim() === '' ? 'There is no filter to save; / types one.' : undefined;

const saveFilter: KeyBinding = {
	id: 'save-filter', keys: ['ctrl-s'], label: 'save filter', help: 'Save this filter under a name, for use as @name in any filter',
	disabledReason: noFilter,
	update: state => push<PaletteScreen>(state, paletteAsking(saveFilter, 'Save this filter')),
	argument: {
		asks: 'Name',
		async run({services, get, dispatch}, typed) {
			const name = typed.trim().replace(/^@/v, '');
			const query = browseScreen(get())?.filter.text.trim() ?? '';
			if (query === '' || services.saveQuery === undefined) {
				return;
			}

			await services.saveQuery({name, query});
			dispatch(say({text: `Saved as @${name}. It is part of any filter that names it.`, tone: 'good'}));
		},
	},
};

export const saveFilterKeys: readonly KeyBinding[] = [saveFilter, {...saveFilter, isForTyping: true}];
