import {completionKeysFor} from '../../parts/completion.js';
import {newTextField} from '../../parts/text-field.js';
import {planOf} from './effects.js';
import {browseScreen, changeBrowse, scopeOf} from './reduce.js';

/**
The values are those of all items that the list could show.
*/
export const completionKeys = completionKeysFor(browseScreen, changeBrowse, async (services, screen) => {
	const plan = await planOf(services, {...screen, filter: newTextField()});
	return {...scopeOf(screen), ...plan && {plan}};
});
