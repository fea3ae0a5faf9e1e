import {AppError} from '../base/errors.js';
import {saveChecked} from '../app/query-index.js';
import type {SavedQuery} from '../catalog/saved-query.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {checkSavedQuery, savedNamesIn} from '../query/language/saved.js';
import {tableLines} from '../reports/printers/table.js';
import {exitCodes} from './exit-codes.js';
import {
	print,
	tableLook,
	type CommandContext,
} from './command.js';
import {notSaved} from './not-saved.js';
import {withSources} from './report-command.js';
import {queryActions} from './words.js';

export const runQueriesCommand = async (context: CommandContext): Promise<number> => {
	const [action, name, ...words] = context.input;
	if (action === undefined || action === 'list') {
		return list(context);
	}

	if (!isAction(action)) {
		throw new AppError('usage', `There is no action "${clean(action)}".`, {hint: orNearest(action, queryActions, `Actions are ${queryActions.join(', ')}. For instance: reelcat queries save unseen-4k "res:4k watched:no"`)});
	}

	if (name === undefined) {
		throw new AppError('usage', 'Name the saved query.', {hint: `For instance: reelcat queries ${action} unseen-4k${action === 'save' ? ' "res:4k watched:no"' : ''}`});
	}

	// Inside a query, the sign stands before the name.
	return actions[action](context, name.replace(/^@/v, ''), words);
};

type Action = Exclude<typeof queryActions[number], 'list'>;

const isAction = (word: string): word is Action => (queryActions as readonly string[]).includes(word);

const list = async (context: CommandContext): Promise<number> => {
	const queries = context.session.settings().queries();
	if (queries.length === 0) {
		context.io.say('No query is saved. For instance: reelcat queries save unseen-4k "res:4k watched:no"');
	}

	// Most people have none, and need no column for them.
	const hasStanding = queries.some(({standing}) => standing === true);
	const lines = queries.length === 0
		? []
		: tableLines(
			[{heading: 'Name'}, ...hasStanding ? [{heading: 'Watched'}] : [], {heading: 'Query', isFlexible: true}],
			queries.map(({name, query, standing}) => [`@${name}`, ...hasStanding ? [standing === true ? 'yes' : ''] : [], query]),
			tableLook(context.io),
		);
	await print(context, {queries}, lines.map(line => `${line}\n`).join(''));
	return exitCodes.ok.code;
};

const save = async (context: CommandContext, name: string, words: readonly string[]): Promise<number> => {
	const saved: SavedQuery = {name, query: words.join(' ').trim()};
	if (saved.query === '') {
		throw new AppError('usage', `What should @${clean(name)} ask?`, {hint: 'For instance: reelcat queries save unseen-4k "res:4k watched:no"'});
	}

	const {session} = context;
	await withSources(context, async sources => saveChecked(saved, session, await sources.queryWorld()));
	await print(context, {saved}, `Saved as @${name}.\n`);
	return exitCodes.ok.code;
};

const remove = async (context: CommandContext, name: string, words: readonly string[]): Promise<number> => {
	const {session, io} = context;
	refuseWords('remove', words);
	const settings = session.settings();
	const writer = await settings.writer();
	if (!writer.removeQuery(name)) {
		throw notSaved('query', name, settings.queries());
	}

	const others = [
		...settings.queries().map(other => [`@${other.name}`, other.query] as const),
		...settings.exportProfiles().map(profile => [`The saved export ${profile.name}`, profile.query ?? ''] as const),
	];
	for (const [title, query] of others) {
		if (savedNamesIn(query).has(name)) {
			io.say(`${title} asks for @${name} and does not work without it.`);
		}
	}

	await print(context, {removed: name}, `Removed @${name}.\n`);
	return exitCodes.ok.code;
};

const refuseWords = (action: Action, words: readonly string[]) => {
	if (words.length > 0) {
		throw new AppError('usage', `"reelcat queries ${action}" takes one name.`);
	}
};

const watch = async (context: CommandContext, name: string, words: readonly string[]): Promise<number> => {
	refuseWords('watch', words);
	const settings = context.session.settings();
	const all = settings.queries();
	const saved = all.find(other => other.name === name);
	if (saved === undefined) {
		throw notSaved('query', name, all);
	}

	await withSources(context, async sources => checkSavedQuery({...saved, standing: true}, await sources.queryWorld()));
	const writer = await settings.writer();
	writer.setStanding(name, true);
	await print(context, {watched: name}, `"reelcat --watch" tells what enters and leaves @${name} from now on.\n`);
	return exitCodes.ok.code;
};

const unwatch = async (context: CommandContext, name: string, words: readonly string[]): Promise<number> => {
	refuseWords('unwatch', words);
	const settings = context.session.settings();
	const writer = await settings.writer();
	if (!writer.setStanding(name, false)) {
		throw notSaved('query', name, settings.queries());
	}

	await print(context, {unwatched: name}, `@${name} is not watched any more.\n`);
	return exitCodes.ok.code;
};

const actions: Record<Action, (context: CommandContext, name: string, words: readonly string[]) => Promise<number>> = {
	save, remove, watch, unwatch,
};
