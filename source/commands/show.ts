import {AppError} from '../base/errors.js';
import {exportRecord} from '../export/record.js';
import {loadDetail} from '../query/related.js';
import {itemText} from '../reports/item-text.js';
import {clean} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import type {Command} from './command.js';
import {withReading} from './open-reading.js';

export const showCommand: Command = {
	name: 'show',
	summary: 'Show everything about one item',
	arguments: 'ID',
	details: ['ID is the catalogue id that "ls" prints, or a ratingKey where only one item has it.'],
	async run(context) {
		const {input, flags, io} = context;
		const [id] = input;
		if (id === undefined || input.length > 1) {
			throw new AppError('usage', 'Name one item.', {hint: '"reelcat ls" prints the ids.'});
		}

		return withReading(context, async ({store, index}) => {
			const found = index.find(id);
			if (found.length > 1) {
				throw new AppError('usage', `${found.length} items have the ratingKey ${clean(id)}.`, {
					hint: `Name one of these ids: ${found.join(', ')}.`,
				});
			}

			const detail = found[0] === undefined ? undefined : await loadDetail(store, index, found[0]);
			if (detail === undefined) {
				throw new AppError('not-found', `There is no item ${clean(id)} in the catalogue.`, {hint: '"reelcat ls" prints the ids.'});
			}

			await io.out(flags.boolean('json') === true
				? jsonLine(exportRecord(detail))
				: `${itemText(detail, {titleOf: other => index.get(other)?.title}).join('\n')}\n`);
			return 0;
		});
	},
};
