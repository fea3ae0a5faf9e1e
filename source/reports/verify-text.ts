import type {Difference} from '../sync/compare-server.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import {isInOrder, type Verified} from './verify-json.js';

/**
The lines of `reelcat verify`: what was proved, or what is wrong.
*/
export const verifyText = (verified: Verified): string[] => {
	const {records, events, tombstones, held, problems, server} = verified;
	const checked = [
		plural(records, 'record'),
		plural(events, 'history event'),
		plural(tombstones, 'tombstone'),
		...(held === 0 ? [] : [`${plural(held, 'item')} held`]),
		...(server === undefined ? [] : [`${plural(server.compared, 'item')} compared with ${clean(server.name)}`]),
	].join(', ');
	if (isInOrder(verified)) {
		return [`${checked}: all in order.`];
	}

	const differences = server?.differences ?? [];
	return [
		...problems.map(problem => clean(problem)),
		...differences.map(difference => differenceWords(difference)),
		`${checked}: ${plural(problems.length, 'problem')}${server === undefined ? '' : `, ${plural(differences.length, 'difference')}`}.`,
	];
};

const differenceWords = ({kind, libraryId, ratingKey, itemId, title, fields}: Difference): string => {
	const name = [title, ratingKey === undefined ? undefined : `(ratingKey ${ratingKey})`, itemId].filter(part => part !== undefined).join(' ');
	return clean(kind === 'different' ? `different: ${name}: ${fields.join(', ')}` : `${kind}: ${name === '' ? libraryId : name}`);
};
