import {containerAnswer} from '../answer.js';
import {sectionRow} from '../library/section.js';
import type {DemoRoute} from './context.js';

const serverVersion = '1.43.0.10389-demo';

/**
The only route that needs no token.
*/
export const identity: DemoRoute = ({path, wantsJson}, {machineIdentifier}) => path === '/identity'
	? containerAnswer({
		size: 0, claimed: true, machineIdentifier, version: serverVersion,
	}, {wantsJson})
	: undefined;

export const root: DemoRoute = ({path, wantsJson}, {machineIdentifier, name}) => path === '/'
	? containerAnswer({
		size: 0,
		allowSync: true,
		countryCode: 'gbr',
		eventStream: true,
		friendlyName: name,
		livetv: 0,
		machineIdentifier,
		myPlex: false,
		platform: 'Linux',
		platformVersion: '6.8',
		pushNotifications: false,
		updatedAt: 1_749_990_000,
		version: serverVersion,
	}, {wantsJson})
	: undefined;

export const sections: DemoRoute = ({path, wantsJson}, {library}) => {
	if (path !== '/library/sections' && path !== '/library/sections/all') {
		return undefined;
	}

	const rows = library.sections().map(section => sectionRow(section));
	return containerAnswer({
		size: rows.length,
		allowSync: false,
		title1: 'Plex Library',
		...(rows.length > 0 && {Directory: rows}),
	}, {wantsJson});
};

/**
What is being played, and on what ([PA] server.py).
*/
export const playing: DemoRoute = ({path, wantsJson}, {library, sessions: shown}) => path === '/status/sessions'
	? containerAnswer({
		size: shown.length,
		...(shown.length > 0 && {
			Metadata: shown.map(({ratingKey, state}, index) => ({
				...library.row(ratingKey),
				sessionKey: String(index + 1),
				User: {id: '1', title: 'someone'},
				Player: {title: 'A television', product: 'Plex for a television', state},
				Session: {id: `session${index + 1}`, bandwidth: 8000, location: 'lan'},
			})),
		}),
	}, {wantsJson})
	: undefined;

/**
No activity ever runs.
*/
export const idle: DemoRoute = ({path, wantsJson}) => path === '/activities'
	? containerAnswer({size: 0}, {wantsJson})
	: undefined;
