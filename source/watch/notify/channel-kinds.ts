import type {ChannelModule} from './channel-module.js';

/**
The kinds of channels in the order of the help. A new channel is a file in `channels/` and a line here. Modules are loaded only when notifications are used.
*/
const modules = new Map<string, () => Promise<{default: ChannelModule}>>([
	['terminal', async () => import('./channels/terminal.js')],
	['desktop', async () => import('./channels/desktop.js')],
	['ntfy', async () => import('./channels/ntfy.js')],
	['gotify', async () => import('./channels/gotify.js')],
	['discord', async () => import('./channels/discord.js')],
	['slack', async () => import('./channels/slack.js')],
	['telegram', async () => import('./channels/telegram.js')],
	['pushover', async () => import('./channels/pushover.js')],
	['email', async () => import('./channels/email.js')],
	['webhook', async () => import('./channels/webhook.js')],
	['apprise', async () => import('./channels/apprise.js')],
	['command', async () => import('./channels/command.js')],
]);

export const channelKinds: readonly string[] = modules.keys().toArray();

export const loadChannels = async (): Promise<ReadonlyMap<string, ChannelModule>> =>
	new Map(await Promise.all(Array.from(modules, async ([kind, load]) => {
		const {default: module} = await load();
		return [kind, module] as const;
	})));

/**
Returns a complete `notify.json` with one channel, or undefined for an unknown kind.
*/
export const exampleConfig = async (kind: string): Promise<Record<string, unknown> | undefined> => {
	const loaded = await modules.get(kind)?.();
	return loaded && {
		schema: 1,
		channels: [{...loaded.default.example, on: ['alerts', 'changes', 'imports', 'queries']}],
		digest: {every: '15m', quietHours: '22:00-07:00'},
	};
};
