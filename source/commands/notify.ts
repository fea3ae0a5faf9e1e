import path from 'node:path';
import {systemClock} from '../base/clock.js';
import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {tableLines} from '../reports/printers/table.js';
import {channelKinds, exampleConfig} from '../watch/notify/channel-kinds.js';
import type {ChannelSettings, NotifyConfig} from '../watch/notify/config.js';
import type {ChannelTest} from '../watch/notify/channel.js';
import {exitCodes} from './exit-codes.js';
import {
	print,
	tableLook,
	type CommandContext,
} from './command.js';
import {notifyActions} from './words.js';

export const runNotifyCommand = async (context: CommandContext): Promise<number> => {
	const [action, name, ...others] = context.input;
	if (others.length > 0 || (action === 'list' && name !== undefined)) {
		throw new AppError('usage', `"reelcat notify ${clean(action ?? '')}" takes fewer words.`, {hint: 'Put a name with spaces in quotes.'});
	}

	const act = action === undefined ? undefined : actions.get(action);
	if (act === undefined) {
		throw new AppError('usage', 'Say "test", "list" or "example KIND".', {hint: orNearest(action ?? '', notifyActions, 'For instance: reelcat notify example ntfy')});
	}

	return act(context, name);
};

const fileOf = ({session}: CommandContext) => path.join(session.folders().config, 'notify.json');

const readConfig = async (context: CommandContext): Promise<NotifyConfig | undefined> => {
	const {readNotifyConfig} = await import('../watch/notify/config.js');
	const config = await readNotifyConfig(fileOf(context), {env: context.io.env});
	for (const secret of config?.secrets ?? []) {
		context.session.hide(secret);
	}

	return config;
};

// Without a file: says where it belongs, and what it may contain.
const explainFile = async (context: CommandContext, exitCode: number): Promise<number> => {
	const file = fileOf(context);
	await print(context, {file, channels: []}, [
		'No notifications are set up.',
		`Write ${clean(file)}, for yourself alone (chmod 600), for instance:`,
		'',
		JSON.stringify(await exampleConfig('ntfy'), undefined, 2),
		'',
		'"reelcat notify example KIND" prints one for other services, "reelcat notify test" tries it out.',
		'',
	].join('\n'));
	return exitCode;
};

const test = async (context: CommandContext, name: string | undefined): Promise<number> => {
	const config = await readConfig(context);
	if (config === undefined) {
		return explainFile(context, exitCodes.usage.code);
	}

	const wanted = name?.toLowerCase();
	const chosen = config.channels.filter(channel => wanted === undefined || wanted === channel.name.toLowerCase());
	if (chosen.length === 0) {
		const names = config.channels.map(channel => channel.name).join(', ');
		throw new AppError('usage', name === undefined ? `${fileOf(context)} describes no channel.` : `There is no channel "${clean(name)}".`, {
			hint: names === '' ? '"reelcat notify example KIND" prints one.' : orNearest(name ?? '', config.channels.map(channel => channel.name), `There is: ${names}.`),
		});
	}

	await checkQueries(context, chosen);
	const tests = await tryAll(chosen, context);
	const failed = tests.filter(({failure}) => failure !== undefined);
	await print(context, {ok: failed.length === 0, channels: tests.map(result => testJson(result))}, testText(tests, context));
	if (context.signal.aborted) {
		return exitCodes.interrupted.code;
	}

	return failed.length === 0 ? exitCodes.ok.code : (failed.length < tests.length ? exitCodes.partial.code : exitCodes.failed.code);
};

// The catalogue is opened only if a channel has a query.
const checkQueries = async (context: CommandContext, channels: readonly ChannelSettings[]) => {
	if (channels.every(({query}) => query === undefined)) {
		return;
	}

	const [{withSources}, {checkChannelQueries}] = await Promise.all([import('./report-command.js'), import('../app/session-notifier.js')]);
	await withSources(context, async sources => checkChannelQueries({channels}, {world: sources.queryWorld, file: fileOf(context)}));
};

const tryAll = async (chosen: readonly ChannelSettings[], {io, signal}: CommandContext): Promise<ChannelTest[]> => {
	const {createNotifyHttp} = await import('../watch/notify/http.js');
	const {tryChannels} = await import('../watch/notify/channel.js');
	const {testNotice} = await import('../watch/notify/notice.js');
	const {env, stdout} = io;
	const http = createNotifyHttp({clock: systemClock, proxyEnv: env});
	const write = (text: string) => {
		stdout.write(text);
	};

	try {
		const parts = {
			http, clock: systemClock, env, terminal: stdout.isTTY ? {write, env} : undefined,
		};
		const notice = testNotice(new Date(), String(Math.random()));
		return await tryChannels(chosen.map(({create}) => create(parts)), notice, {clock: systemClock, signal});
	} finally {
		http.close();
	}
};

const testJson = ({name, kind, durationMs, failure}: ChannelTest) => ({
	name, kind, ok: failure === undefined, durationMs, ...failure !== undefined && {error: {code: failure.code, message: failure.message, hint: failure.hint}},
});

const testText = (tests: readonly ChannelTest[], {io}: CommandContext) => {
	const lines = tableLines([
		{heading: 'Channel'},
		{heading: 'Kind'},
		{heading: 'Result'},
		{heading: 'Took', align: 'right'},
	], tests.map(({name, kind, failure, durationMs}) => [name, kind, failure === undefined ? 'ok' : 'failed', `${durationMs} ms`]), tableLook(io));
	const reasons = tests.flatMap(({name, failure}) => failure === undefined ? [] : ['', `${name}: ${clean(failure.message)}`, ...failure.hint === undefined ? [] : [`  ${clean(failure.hint)}`]]);
	return `${[...lines, ...reasons].join('\n')}\n`;
};

const list = async (context: CommandContext): Promise<number> => {
	const config = await readConfig(context);
	if (config === undefined) {
		return explainFile(context, exitCodes.ok.code);
	}

	const {quietHoursText} = await import('../watch/schedule/quiet-hours.js');
	const rows = config.channels.map(({name, kind, where, on, minLevel, quiet: {quietHours}, query}) => ({
		name, kind, where, on, minLevel, quietHours: quietHours === undefined ? undefined : quietHoursText(quietHours), ...query !== undefined && {query},
	}));
	const lines = tableLines([
		{heading: 'Channel'},
		{heading: 'Kind'},
		{heading: 'Where', isFlexible: true},
		{heading: 'Notified of', isFlexible: true},
		{heading: 'From'},
		{heading: 'Quiet hours'},
	], rows.map(({name, kind, where, on, minLevel, quietHours = '', query}) => [name, kind, where, [...on].map(topic => topic === 'changes' && query !== undefined ? `changes (${query})` : topic).join(', '), minLevel, quietHours]), tableLook(context.io));
	await print(context, {file: fileOf(context), channels: rows}, `${lines.join('\n')}\n`);
	return exitCodes.ok.code;
};

const example = async ({io}: CommandContext, kind: string | undefined): Promise<number> => {
	const config = kind === undefined ? undefined : await exampleConfig(kind);
	if (config === undefined) {
		throw new AppError('usage', kind === undefined ? 'Name a kind of channel.' : `There is no kind of channel "${clean(kind)}".`, {hint: orNearest(kind ?? '', channelKinds, `There is: ${channelKinds.join(', ')}.`)});
	}

	await io.out(`${JSON.stringify(config, undefined, 2)}\n`);
	return exitCodes.ok.code;
};

const actions = new Map<string, (context: CommandContext, name: string | undefined) => Promise<number>>([['test', test], ['list', list], ['example', example]]);
