import {clean} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import type {Command} from './command.js';

export const logoutCommand: Command = {
	name: 'logout',
	summary: 'Sign out, and forget the account and its servers',
	details: ['The sign-in is taken back at plex.tv where that can be reached. The catalogue stays.'],
	async run({session, io, flags, signal}) {
		const {signOutAccount} = await import('../app/sign-in-account.js');
		const signedOut = await signOutAccount(session, {signal});
		if (flags.boolean('json') === true) {
			await io.out(jsonLine({
				schema: 1, ok: true, wasSignedIn: signedOut !== undefined, revoked: signedOut?.isRevoked, forgotten: signedOut?.forgotten ?? [],
			}));
			return 0;
		}

		if (signedOut === undefined) {
			await io.out('Nobody is signed in.\n');
			return 0;
		}

		const {isRevoked, reason, forgotten} = signedOut;
		await io.out(`Signed out.${forgotten.length === 0 ? '' : ` Forgotten: ${forgotten.map(name => clean(name)).join(', ')}.`} The catalogue stays.\n`);
		if (!isRevoked) {
			io.say(`plex.tv was not told: ${reason ?? ''} Remove reelcat under Authorized Devices on plex.tv to be sure.`);
		}

		return 0;
	},
};
