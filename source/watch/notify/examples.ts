import type {ChannelKind} from './config-schema.js';

/**
One entry of `channels` in `notify.json` for each kind, to be copied and filled in. Secrets stand in files of their own.
*/
export const channelExamples: Readonly<Record<ChannelKind, Readonly<Record<string, unknown>>>> = {
	terminal: {name: 'terminal', kind: 'terminal', minLevel: 'warn'},
	desktop: {name: 'desktop', kind: 'desktop'},
	ntfy: {
		name: 'phone', kind: 'ntfy', url: 'https://ntfy.sh', topic: 'a-name-nobody-guesses', tokenFile: '/run/secrets/ntfy-token',
	},
	gotify: {
		name: 'gotify', kind: 'gotify', url: 'https://gotify.example.org', tokenFile: '/run/secrets/gotify-token',
	},
	discord: {name: 'discord', kind: 'discord', urlFile: '/run/secrets/discord-webhook'},
	slack: {name: 'slack', kind: 'slack', urlFile: '/run/secrets/slack-webhook'},
	telegram: {
		name: 'telegram', kind: 'telegram', tokenFile: '/run/secrets/telegram-token', chat: 123_456_789,
	},
	pushover: {
		name: 'pushover', kind: 'pushover', tokenFile: '/run/secrets/pushover-token', userFile: '/run/secrets/pushover-user',
	},
	email: {
		name: 'mail',
		kind: 'email',
		host: 'smtp.example.org',
		port: 587,
		security: 'starttls',
		user: 'me@example.org',
		passwordFile: '/run/secrets/smtp-password',
		from: 'reelcat@example.org',
		to: ['me@example.org'],
	},
	webhook: {
		name: 'webhook', kind: 'webhook', url: {env: 'REELCAT_WEBHOOK_URL'}, secretFile: '/run/secrets/webhook-secret',
	},
	apprise: {
		name: 'apprise', kind: 'apprise', url: 'http://apprise:8000', keyFile: '/run/secrets/apprise-key',
	},
	command: {
		name: 'script', kind: 'command', argv: ['/usr/local/bin/tell-me', '--quietly'], timeout: '30s',
	},
};

/**
A whole `notify.json` with one channel.
*/
export const exampleConfig = (kind: ChannelKind): Record<string, unknown> => ({
	schema: 1,
	channels: [{...channelExamples[kind], on: ['alerts', 'changes', 'imports']}],
	digest: {every: '15m', quietHours: '22:00-07:00'},
});
