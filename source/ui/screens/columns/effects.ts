import type {EffectContext} from '../../screen-module.js';
import type {UiState} from '../../ui-state.js';

/**
Keeps the chosen columns, if a key has changed them.
*/
export const keepChoices = ({services, get}: EffectContext, before: UiState): void => {
	const {columnChoices} = get();
	if (columnChoices !== before.columnChoices) {
		services.keepColumns?.(columnChoices);
	}
};
