import test, {type ExecutionContext} from 'ava';
import type {PlexTv} from '../../../source/servers/plex-tv/plex-tv.js';
import {
	signIn,
	type SignInEvent,
	type SignInOptions,
} from '../../../source/servers/plex-tv/sign-in.js';
import type {DemoPlexTvOptions} from '../../../source/demo/plex-tv/options.js';
import {AppError} from '../../../source/base/errors.js';
import {failureOf} from '../../plex/_loopback.js';
import {withPlexTv} from './_account.js';

type Shown = Extract<SignInEvent, {type: 'code-shown'}>;

/**
A sign-in whose person does something at events.
*/
const withSignIn = async (t: ExecutionContext, {demo: demoOptions, ...given}: Partial<SignInOptions> & {demo?: Partial<DemoPlexTvOptions>} = {}) => {
	const parts = await withPlexTv(t, demoOptions);
	const events: SignInEvent[] = [];
	const controller = new AbortController();
	const run = async (onEvent: (event: SignInEvent) => void = () => undefined) => signIn({
		plexTv: parts.plexTv,
		signal: controller.signal,
		now: parts.now,
		sleep: parts.sleep,
		async renew() {
			t.fail('Nobody should ask for a new code.');
		},
		...given,
		report(event) {
			events.push(event);
			onEvent(event);
		},
	});
	return {
		...parts,
		controller,
		events,
		run,
		shown: () => events.filter((event): event is Shown => event.type === 'code-shown'),
		types: () => events.map(({type}) => type),
		polls: () => parts.demo.requests().filter(({method}) => method === 'GET'),
	};
};

const nothing = async () => undefined;

/**
Approves by the code that a link carries.
*/
const codeIn = (authUrl: string) => new URLSearchParams(new URL(authUrl).hash.slice('#?'.length)).get('code')!;

test('a short code that is typed at plex.tv/link signs in', async t => {
	const {run, demo, plexTv, shown, types} = await withSignIn(t);
	const token = await run(event => {
		if (event.type === 'waiting' && types().filter(type => type === 'waiting').length === 3) {
			demo.approve(shown()[0]!.code!);
		}
	});
	t.is((await plexTv.user(token)).username, 'usherette');
	t.regex(shown()[0]!.code!, /^[\dA-Z]{4}$/v);
	t.is(shown()[0]!.linkUrl, 'https://plex.tv/link');
	t.is(types()[0], 'code-shown');
	t.is(types().at(-1), 'approved');
});

test('a code in a link signs in, as whoever approves it', async t => {
	const {run, demo, plexTv, shown} = await withSignIn(t);
	const token = await run(event => {
		if (event.type === 'code-shown') {
			demo.approve(codeIn(event.authUrl), {asAccount: {id: 9, username: 'second-reel', title: 'Second Reel'}});
		}
	});
	t.is((await plexTv.user(token)).title, 'Second Reel');
	const url = new URL(shown()[0]!.authUrl);
	t.is(url.origin + url.pathname + url.search, 'https://app.plex.tv/auth', 'everything else stays in the browser');
	t.regex(url.hash, /clientID=test-client&code=[\da-z]{25}&context%5Bdevice%5D%5Bproduct%5D=reelcat$/v);
});

test('plex.tv is asked at most once a second, for both codes in turn', async t => {
	const {run, demo, polls} = await withSignIn(t, {demo: {approveAfterMs: 20_000}});
	await run();
	t.true(polls().length >= 15);
	const gaps = polls().slice(1).map(({atMs}, index) => atMs - polls()[index]!.atMs);
	t.true(gaps.every(gap => gap >= 1000));
	t.is(new Set(polls().map(({path}) => path)).size, 2);
	t.false(demo.requests().some(({hasToken}) => hasToken));
});

test('an expired code is told, and after a key press there are new ones', async t => {
	let renewals = 0;
	const {run, demo, shown, types, clock} = await withSignIn(t, {
		demo: {expiresInSeconds: 40},
		async renew() {
			renewals++;
			t.is(types().at(-1), 'code-expired');
		},
	});
	const startedAtMs = clock.ms;
	await run(event => {
		if (renewals === 2 && event.type === 'code-shown') {
			demo.approve(event.code!);
		}
	});
	t.is(shown().length, 3);
	t.is(new Set(shown().map(({code}) => code)).size, 3);
	t.is(shown()[0]!.expiresAtMs, startedAtMs + 40_000);
	t.true(clock.ms - startedAtMs >= 80_000);
	t.is(types().filter(type => type === 'code-expired').length, 2);
});

test('a link that was opened before the short code expired still signs in', async t => {
	const {run, demo, shown} = await withSignIn(t, {demo: {expiresInSeconds: 30}, renew: nothing});
	const token = await run(event => {
		if (event.type === 'code-shown' && shown().length === 2) {
			demo.approve(codeIn(shown()[0]!.authUrl));
		}
	});
	t.truthy(token);
});

/**
A plex.tv whose codes all live for half a minute, and that never says that one has expired.
*/
const withForgetful = async (t: ExecutionContext, {approves, ...given}: Partial<SignInOptions> & {approves: (id: string) => boolean}) => {
	let clockMs = 0;
	return withSignIn(t, {
		...given,
		now: () => clockMs,
		async sleep(ms) {
			clockMs += ms;
		},
		plexTv: {
			createPin: async ({isStrong}) => ({
				id: isStrong ? 'linked' : 'typed', code: 'CODE', expiresAtMs: clockMs + 30_500, authUrl: 'https://app.plex.tv/auth#?code=CODE',
			}),
			checkPin: async id => clockMs >= 30_500 && approves(id) ? {state: 'approved', token: 'token'} : {state: 'waiting'},
		},
	});
};

for (const approved of ['typed', 'linked']) {
	test(`approval of the ${approved} code in the last second is not lost`, async t => {
		const {run} = await withForgetful(t, {approves: id => id === approved});
		t.is(await run(), 'token');
	});
}

test('a code expires by our clock, even when plex.tv does not say so', async t => {
	const {run, types} = await withForgetful(t, {approves: () => false, renew: nothing, maxRenewals: 1});
	t.is((await failureOf(run())).code, 'unauthorized');
	t.is(types().filter(type => type === 'code-expired').length, 2);
});

test('without anybody to press a key it ends after so many codes', async t => {
	const {run, shown} = await withSignIn(t, {demo: {expiresInSeconds: 20}, renew: nothing, maxRenewals: 2});
	const error = await failureOf(run());
	t.is(error.code, 'unauthorized');
	t.regex(error.message, /Nobody approved/v);
	t.regex(error.hint!, /reelcat login/v);
	t.is(shown().length, 3);
});

test('a code that expires at once is told like any other', async t => {
	const {run, types} = await withSignIn(t, {demo: {expiresInSeconds: 0}, renew: nothing, maxRenewals: 1});
	t.is((await failureOf(run())).code, 'unauthorized');
	t.is(types().filter(type => type === 'code-expired').length, 2);
});

test('a code that plex.tv has forgotten counts as expired, whatever our clock says', async t => {
	const {run, clock, types} = await withSignIn(t, {demo: {faults: [{kind: 'expiredPins'}]}, renew: nothing, maxRenewals: 0});
	const startedAtMs = clock.ms;
	t.is((await failureOf(run())).code, 'unauthorized');
	t.true(clock.ms - startedAtMs < 10_000);
	t.is(types().at(-1), 'code-expired');
});

for (const isAhead of [true, false]) {
	test(`a calendar that is a day ${isAhead ? 'ahead' : 'behind'} does not matter`, async t => {
		const {run, demo, shown, clock} = await withSignIn(t, {demo: {expiresInSeconds: 60, calendarOffsetMs: (isAhead ? 1 : -1) * 86_400_000}});
		const startedAtMs = clock.ms;
		await run(({type}) => {
			if (type === 'waiting' && clock.ms - startedAtMs > 50_000) {
				demo.approve(shown()[0]!.code!);
			}
		});
		t.is(shown().length, 1);
		t.is(shown()[0]!.expiresAtMs, startedAtMs + 60_000);
	});
}

test('a signal ends it while it waits, while it asks and while nobody presses a key', async t => {
	const waiting = await withSignIn(t);
	const first = await failureOf(waiting.run(event => {
		if (event.type === 'waiting') {
			waiting.controller.abort();
		}
	}));
	t.is(first.code, 'cancelled');

	const asking = await withSignIn(t, {demo: {faults: [{kind: 'silence', path: '/pins/'}]}});
	asking.onSleep.push(() => {
		setTimeout(() => {
			asking.controller.abort();
		}, 20);
	});
	t.is((await failureOf(asking.run())).code, 'cancelled');

	const expired = await withSignIn(t, {demo: {expiresInSeconds: 0}, renew: async () => Promise.withResolvers<void>().promise});
	const last = await failureOf(expired.run(event => {
		if (event.type === 'code-expired') {
			expired.controller.abort();
		}
	}));
	t.is(last.code, 'cancelled');

	const early = await withSignIn(t);
	early.controller.abort();
	t.is((await failureOf(early.run())).code, 'cancelled');
	t.deepEqual(early.demo.requests(), []);
});

test('asked for patience, the wait is as long as asked, and doubles otherwise', async t => {
	const {run, demo, polls, types} = await withSignIn(t, {
		demo: {
			approveAfterMs: 100_000,
			faults: [
				{
					kind: 'status', status: 429, retryAfterSeconds: 20, path: '/pins/', times: 1,
				},
				{
					kind: 'status', status: 429, path: '/pins/', after: 1, times: 2,
				},
			],
		},
	});
	await run();
	const times = polls().map(({atMs}) => atMs);
	const gaps = times.slice(1, 7).map((atMs, index) => atMs - times[index]!);
	t.deepEqual(gaps, [20_000, 4000, 8000, 4000, 2000, 1000]);
	t.false(types().includes('trouble'));
	t.is(demo.requests().filter(({method}) => method === 'POST').length, 2);
});

for (const retryAfterSeconds of [3600, 86_400]) {
	test(`a Retry-After of ${retryAfterSeconds} s is kept to for a minute`, async t => {
		const {run, polls} = await withSignIn(t, {
			demo: {
				approveAfterMs: 1000,
				faults: [{
					kind: 'status', status: 429, retryAfterSeconds, path: '/pins/', times: 1,
				}],
			},
		});
		await run();
		t.is(polls()[1]!.atMs - polls()[0]!.atMs, 60_000);
	});
}

test('plex.tv may be away for a while: it is told once, and the code goes on', async t => {
	const {run, demo, events, types, shown} = await withSignIn(t, {
		demo: {
			faults: [
				{kind: 'reset', path: '/pins/', times: 3},
				{
					kind: 'status', status: 502, path: '/pins/', after: 3, times: 2,
				},
			],
		},
	});
	await run(event => {
		if (event.type === 'waiting') {
			demo.approve(shown()[0]!.code!);
		}
	});
	const troubles = events.filter(event => event.type === 'trouble');
	t.deepEqual(troubles.map(({error}) => error.code), ['unreachable', 'server-error']);
	t.true(troubles.every(({error}) => error.message.includes('plex.tv') && error.hint?.includes('What is stored is kept') === true));
	t.is(types().filter(type => type === 'code-shown').length, 1);
	t.is(types().at(-1), 'approved');
});

for (const isStrong of [true, false]) {
	test(`when the ${isStrong ? 'link' : 'short code'} cannot be made, the other one signs in alone`, async t => {
		const {run, demo, shown} = await withSignIn(t, {demo: {faults: [{kind: 'noPins', isStrong}]}});
		await run(event => {
			if (event.type === 'code-shown') {
				demo.approve(event.code ?? codeIn(event.authUrl));
			}
		});
		t.is(shown()[0]!.code === undefined, !isStrong);
		t.is(shown()[0]!.authUrl, isStrong ? `https://plex.tv/link/?pin=${shown()[0]!.code}` : shown()[0]!.authUrl);
		t.is(demo.openPins().length, 0);
	});
}

test('when no code can be made, it says why', async t => {
	const {run, events} = await withSignIn(t, {demo: {faults: [{kind: 'status', status: 503}]}});
	const error = await failureOf(run());
	t.is(error.code, 'server-error');
	t.regex(error.message, /plex\.tv .* did not give a sign-in code/v);
	t.deepEqual(events, []);
});

test('a link that plex.tv has forgotten is replaced by the short code', async t => {
	const pin = {code: 'AB12', expiresAtMs: 900_000, authUrl: 'https://app.plex.tv/auth#?code=AB12'};
	const strong = {
		id: '2', code: 'long', expiresAtMs: 1_800_000, authUrl: 'https://app.plex.tv/auth#?code=long',
	};
	let asked = 0;
	const plexTv: Pick<PlexTv, 'createPin' | 'checkPin'> = {
		createPin: async ({isStrong}) => isStrong ? strong : {id: '1', ...pin},
		async checkPin(id) {
			asked++;
			if (id === '2') {
				return {state: 'expired'};
			}

			return asked > 3 ? {state: 'approved', token: 'token'} : {state: 'waiting'};
		},
	};
	const {run, shown} = await withSignIn(t, {plexTv});
	t.is(await run(), 'token');
	t.deepEqual(shown().map(({authUrl}) => authUrl), [strong.authUrl, 'https://plex.tv/link/?pin=AB12']);
});

test('a bug is not taken for trouble of plex.tv', async t => {
	const {plexTv} = await withSignIn(t);
	const {run} = await withSignIn(t, {
		plexTv: {
			createPin: plexTv.createPin,
			async checkPin() {
				throw new TypeError('a bug');
			},
		},
	});
	const error = await t.throwsAsync(run());
	t.false(error instanceof AppError);
});
