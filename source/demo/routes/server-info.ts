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

const rootEntries = ['activities', 'hubs', 'identity', 'library', 'playlists', 'status'];

export const root: DemoRoute = ({path, wantsJson}, {machineIdentifier, name}) => path === '/'
	? containerAnswer({
		size: rootEntries.length,
		allowCameraUpload: false,
		allowChannelAccess: true,
		allowMediaDeletion: false,
		allowSharing: true,
		allowSync: true,
		allowTuners: false,
		backgroundProcessing: true,
		certificate: false,
		companionProxy: true,
		countryCode: 'gbr',
		diagnostics: 'logs,databases',
		eventStream: true,
		friendlyName: name,
		hubSearch: true,
		itemClusters: true,
		livetv: 0,
		machineIdentifier,
		mediaProviders: true,
		multiuser: false,
		musicAnalysis: 0,
		myPlex: false,
		myPlexMappingState: 'unknown',
		myPlexSigninState: 'none',
		myPlexSubscription: false,
		offlineTranscode: 1,
		ownerFeatures: 'collections,content_filter,hardware_transcoding,home,lyrics,trailers,type-first',
		platform: 'Linux',
		platformVersion: '6.8',
		pluginHost: false,
		pushNotifications: false,
		readOnlyLibraries: false,
		streamingBrainABRVersion: 3,
		streamingBrainVersion: 2,
		sync: true,
		transcoderActiveVideoSessions: 0,
		transcoderAudio: true,
		transcoderLyrics: true,
		transcoderPhoto: true,
		transcoderSubtitles: true,
		transcoderVideo: true,
		updatedAt: 1_749_990_000,
		updater: false,
		version: serverVersion,
		voiceSearch: false,
		Directory: rootEntries.map(key => ({count: 1, key, title: key})),
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

/**
What clients ask about the server besides its libraries: nobody else uses it, and nothing is set.
*/
export const surroundings: DemoRoute = ({path, wantsJson}, {machineIdentifier, name}) => {
	switch (path) {
		case '/servers': {
			return containerAnswer({
				size: 1,
				Server: [{
					name, host: '127.0.0.1', address: '127.0.0.1', machineIdentifier, version: serverVersion,
				}],
			}, {wantsJson});
		}

		case '/accounts': {
			return containerAnswer({
				size: 1,
				identifier: 'com.plexapp.system.accounts',
				Account: [{
					id: 1, key: '/accounts/1', name: 'someone', defaultAudioLanguage: 'en', autoSelectAudio: true, thumb: '',
				}],
			}, {wantsJson});
		}

		case '/devices': {
			return containerAnswer({
				size: 1,
				identifier: 'com.plexapp.system.devices',
				Device: [{
					id: 1, name: 'A television', platform: 'Linux', clientIdentifier: 'demo-television', createdAt: 1_650_000_000,
				}],
			}, {wantsJson});
		}

		case '/:/prefs': {
			return containerAnswer({
				size: 1,
				Setting: [{
					id: 'FriendlyName', label: 'Friendly name', summary: '', type: 'text', default: '', value: name, hidden: false, advanced: false, group: 'general',
				}],
			}, {wantsJson});
		}

		case '/clients': {
			return containerAnswer({size: 0}, {wantsJson});
		}

		default: {
			return undefined;
		}
	}
};
