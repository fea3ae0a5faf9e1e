import type {EffectContext} from '../../screen-module.js';
import type {UiState} from '../../ui-state.js';

/**
Keeps the chosen columns, if a key has changed them.
*/
export const keepChoices = async ({services, get}: EffectContext, before: UiState): Promise<void> => {
	const {columnChoices} = get();
	if (columnChoices !== before.columnChoices) {
		await services.keepColumns?.(columnChoices);
	}
};
