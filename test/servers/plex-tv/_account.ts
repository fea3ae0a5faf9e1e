import {setImmediate as nextTurn} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {createPlexTv, type PlexTvOptions} from '../../../source/servers/plex-tv/plex-tv.js';
import type {DemoPlexTvOptions} from '../../../source/demo/plex-tv/options.js';
import {startDemoPlexTv} from '../../../source/demo/plex-tv/server.js';

/**
A client that never waits for a clock, and never tries again unless told to.
*/
export const makePlexTv = (t: ExecutionContext, options: Partial<PlexTvOptions> = {}) => {
	const plexTv = createPlexTv({
		clientIdentifier: 'test-client',
		version: '0.0.0',
		deviceName: 'test',
		retry: {limit: 0},
		async sleep() {
			// No test waits for a clock.
		},
		...options,
	});
	t.teardown(() => {
		plexTv.close();
	});
	return plexTv;
};

export const demoServers: DemoPlexTvOptions['servers'] = [
	{
		name: 'Attic',
		machineIdentifier: 'a'.repeat(40),
		accessToken: 'attic-access-token-00',
		connections: [
			{uri: 'https://192-168-1-50.0123456789abcdef0123456789abcdef.plex.direct:32400', address: '192.168.1.50', isLocal: true},
			{uri: 'https://203-0-113-7.0123456789abcdef0123456789abcdef.plex.direct:32400', address: '203.0.113.7'},
			{uri: 'https://2001-db8--1.0123456789abcdef0123456789abcdef.plex.direct:32400', address: '2001:db8::1', isIPv6: true},
			{uri: 'https://198-51-100-9.0123456789abcdef0123456789abcdef.plex.direct:8443', address: '198.51.100.9', isRelay: true},
		],
	},
	{
		name: 'Projection booth',
		machineIdentifier: 'b'.repeat(40),
		isOwned: false,
		ownerName: 'Projectionist',
		isPresent: false,
		isHttpsRequired: true,
		publicAddressMatches: false,
		lastSeenAt: '2024-05-06T07:08:09Z',
		connections: [{uri: 'http://192.0.2.4:32400'}],
	},
];

/**
A plex.tv that ends with the test, a client for it, and the clock of both, which only moves while somebody sleeps.
*/
export const withPlexTv = async (t: ExecutionContext, options: Partial<DemoPlexTvOptions> = {}) => {
	const clock = {ms: 5000};
	const now = () => clock.ms;
	const demo = await startDemoPlexTv({servers: demoServers, now, ...options});
	t.teardown(demo.close);
	const onSleep: Array<() => void> = [];
	const sleep = async (ms: number, signal: AbortSignal) => {
		signal.throwIfAborted();
		clock.ms += ms;
		for (const listener of onSleep) {
			listener();
		}

		await nextTurn();
		signal.throwIfAborted();
	};

	return {
		demo, clock, now, sleep, onSleep, plexTv: makePlexTv(t, {baseUrl: demo.url, now, sleep}),
	};
};
