import path from 'node:path';
import type {WrittenChannel} from './config-schema.js';
import {hostOf} from './request.js';

/**
Where a channel leads, as far as that is no secret.
*/
export const whereOf = (channel: WrittenChannel): string => {
	switch (channel.kind) {
		case 'ntfy': {
			return hostOf(channel.url ?? 'https://ntfy.sh');
		}

		case 'gotify':
		case 'apprise': {
			return hostOf(channel.url);
		}

		case 'email': {
			return [channel.to].flat().join(', ');
		}

		case 'command': {
			return path.basename(channel.argv[0]!);
		}

		case 'terminal':
		case 'desktop':
		case 'discord':
		case 'slack':
		case 'telegram':
		case 'pushover':
		case 'webhook': {
			return '';
		}
	}
};
