import type {Channel} from './channel.js';
import type {ChannelParts} from './channel-parts.js';
import {createApprise} from './channels/apprise.js';
import {createCommand} from './channels/command.js';
import {createDesktop} from './channels/desktop.js';
import {createDiscord} from './channels/discord.js';
import {createEmail} from './channels/email.js';
import {createGotify} from './channels/gotify.js';
import {createNtfy} from './channels/ntfy.js';
import {createPushover} from './channels/pushover.js';
import {createSlack} from './channels/slack.js';
import {createTelegram} from './channels/telegram.js';
import {createTerminalChannel, type NotifyTerminal} from './channels/terminal.js';
import {createWebhook} from './channels/webhook.js';
import type {WrittenChannel} from './config-schema.js';

export type CreateChannelParts = ChannelParts & {
	env: NodeJS.ProcessEnv;
	terminal?: NotifyTerminal | undefined;
};

/**
The channel that an entry of `notify.json` describes.
*/
export const createChannel = (written: WrittenChannel, parts: CreateChannelParts): Channel => {
	switch (written.kind) {
		case 'terminal': {
			return createTerminalChannel(written, parts.terminal);
		}

		case 'desktop': {
			return createDesktop(written, parts);
		}

		case 'ntfy': {
			return createNtfy(written, parts);
		}

		case 'gotify': {
			return createGotify(written, parts);
		}

		case 'discord': {
			return createDiscord(written, parts);
		}

		case 'slack': {
			return createSlack(written, parts);
		}

		case 'telegram': {
			return createTelegram(written, parts);
		}

		case 'pushover': {
			return createPushover(written, parts);
		}

		case 'email': {
			return createEmail(written);
		}

		case 'webhook': {
			return createWebhook(written, parts);
		}

		case 'apprise': {
			return createApprise(written, parts);
		}

		case 'command': {
			return createCommand(written, parts);
		}
	}
};
