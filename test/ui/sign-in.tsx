import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {displayWidth} from '../../source/base/text/width.js';
import type {ServerChoice, SignInRequest} from '../../source/ui/services.js';
import {connection, fakeServices, row} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';

const attic: ServerChoice = {
	id: 'attic', name: 'Attic', detail: 'yours; local, 3 ms', isWorking: true,
};
const loft: ServerChoice = {
	id: 'loft', name: 'Loft', detail: 'shared by Ines; offline, says plex.tv', isWorking: false,
};

const code = {
	type: 'code-shown' as const, code: 'k7xq', linkUrl: 'https://plex.tv/link', authUrl: `https://app.plex.tv/auth#?clientID=${'0'.repeat(36)}&code=${'a'.repeat(25)}`,
};

/**
A sign-in that goes as the test says.
*/
const setUp = (change: Parameters<typeof fakeServices>[0] = {}) => {
	const asked: SignInRequest[] = [];
	const answers: Array<PromiseWithResolvers<{account: string; servers: ServerChoice[]}>> = [];
	const targets: unknown[] = [];
	const fake = fakeServices({
		async signIn(options) {
			const answer = Promise.withResolvers<{account: string; servers: ServerChoice[]}>();
			options.signal.addEventListener('abort', () => {
				answer.reject(new AppError('cancelled', 'The sign-in was cancelled.'));
			});
			asked.push(options);
			answers.push(answer);
			return answer.promise;
		},
		async connect(target) {
			targets.push(target);
			return connection;
		},
		libraries: async () => [row('movies', {title: 'Movies'})],
		...change,
	});
	return {
		services: fake.services, asked, answers, targets,
	};
};

test('signing in shows a code, a link and a clock, and with one server that works it is connected right away', async t => {
	const {services, asked, answers, targets} = setUp();
	const app = await openApp(services);
	await app.press(keys.enter);
	await app.until(frame => frame.includes('Asking plex.tv for a code'));
	asked[0]!.report(code);
	asked[0]!.report({type: 'waiting', remainingMs: 872_000});
	await app.until(frame => frame.includes('K 7 X Q') && frame.includes('14:32'));
	t.regex(app.frame(), /https:\/\/plex\.tv\/link/v);
	t.regex(app.frame(), /[▀▄█]{5}/v);
	asked[0]!.report({type: 'trouble', message: 'plex.tv cannot be reached.'});
	await app.until(frame => frame.includes('plex.tv cannot be reached. Still waiting.'));
	asked[0]!.report({type: 'approved'});
	await app.until(frame => frame.includes('Looking for your servers'));
	answers[0]!.resolve({account: 'Ada', servers: [attic, loft]});
	await app.until(frame => frame.includes('Movies'));
	t.deepEqual(targets, [{kind: 'known', id: 'attic', name: 'Attic'}]);
	t.deepEqual(app.failures, []);
	app.close();
});

test('with several servers that work one is chosen from a list that tells whose they are, and j and Enter connect it', async t => {
	const {services, asked, answers, targets} = setUp();
	const app = await openApp(services);
	await app.press(keys.enter);
	asked[0]!.report(code);
	answers[0]!.resolve({account: 'Ada', servers: [attic, {...loft, detail: 'shared by Ines; remote, 40 ms', isWorking: true}]});
	await app.until(frame => frame.includes('Signed in as Ada. Choose a server.'));
	t.regex(app.frame(), /Attic +yours; local, 3 ms/v);
	t.regex(app.frame(), /Loft +shared by Ines; remote, 40 ms/v);
	await app.press('g', 'g', 'j', keys.enter);
	await app.until(frame => frame.includes('Movies'));
	t.deepEqual(targets, [{kind: 'known', id: 'loft', name: 'Loft'}]);
	app.close();
});

test('a server that is offline is listed with the reason, and choosing it says so instead of trying in vain', async t => {
	const cellar = {...attic, id: 'cellar', name: 'Cellar'};
	const {services, answers, targets} = setUp();
	const app = await openApp(services);
	await app.press(keys.enter);
	answers[0]!.resolve({account: 'Ada', servers: [attic, cellar, loft]});
	await app.until(frame => frame.includes('Choose a server.'));
	await app.press('j', 'j', keys.enter);
	await app.until(frame => frame.includes('Loft cannot be reached now (shared by Ines; offline, says plex.tv).'));
	t.deepEqual(targets, []);
	app.close();
});

test('an expired code is renewed by Enter, and Esc ends the sign-in without a word more', async t => {
	const {services, asked, answers} = setUp();
	const app = await openApp(services);
	await app.press(keys.enter);
	asked[0]!.report(code);
	let renewals = 0;
	void asked[0]!.renew().then(() => {
		renewals++;
		asked[0]!.report({...code, code: 'new1'});
	});
	asked[0]!.report({type: 'code-expired'});
	await app.until(frame => frame.includes('The code has expired.'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('N E W 1'));
	t.is(renewals, 1);
	await app.press(keys.escape);
	await app.until(frame => frame.includes('Sign in with Plex'));
	t.true(asked[0]!.signal.aborted);
	answers[0]!.resolve({account: 'Ada', servers: [attic]});
	asked[0]!.report(code);
	t.notRegex(app.frame(), /K 7 X Q|failed|cancelled/v);
	t.deepEqual(app.failures, []);
	app.close();
});

test('a sign-in that fails says why, and Enter tries again', async t => {
	const {services, answers, asked} = setUp();
	const app = await openApp(services);
	await app.press(keys.enter);
	answers[0]!.reject(new AppError('unreachable', 'plex.tv cannot be reached (ENOTFOUND).', {hint: 'Check the internet connection of this machine.'}));
	await app.until(frame => frame.includes('cannot be reached') && frame.includes('Check the internet connection'));
	await app.press(keys.enter);
	asked[1]!.report(code);
	await app.until(frame => frame.includes('K 7 X Q'));
	t.is(asked.length, 2);
	app.close();
});

test('an account without servers leads back to the choice, and says so', async t => {
	const {services, answers} = setUp();
	const app = await openApp(services);
	await app.press(keys.enter);
	answers[0]!.resolve({account: 'Ada', servers: []});
	await app.until(frame => frame.includes('Ada has no servers'));
	t.regex(app.frame(), /Plex server address/v);
	app.close();
});

test('servers that are known come first, those that answer in this network are offered once, and lead to the form with their address', async t => {
	const {services, targets} = setUp({
		servers: async () => ({account: 'Ada', servers: [attic]}),
		nearby: async () => [{id: 'attic', name: 'Attic', url: 'http://192.168.1.5:32400'}, {id: 'den', name: 'Den\u{1B}[2J', url: 'http://192.168.1.9:32400'}],
	});
	const app = await openApp(services);
	await app.until(frame => frame.includes('in this network, 192.168.1.9:32400'));
	t.is(app.frame().match(/Attic/gv)?.length, 1);
	t.regex(app.frame(), /Sign in with Plex +again; signed in as Ada/v);
	await app.press('g', 'g', 'j', 'j', keys.enter);
	await app.until(frame => frame.includes('http://192.168.1.9:32400'));
	await app.press('t', 'o', 'k', keys.enter);
	await app.until(frame => frame.includes('Movies'));
	t.deepEqual(targets, [{kind: 'server', url: 'http://192.168.1.9:32400', token: 'tok'}]);
	app.close();
});

test('at every size the code stands whole on the screen, and nothing is wider than the terminal', async t => {
	const {services, asked} = setUp();
	const app = await openApp(services);
	await app.press(keys.enter);
	asked[0]!.report(code);
	asked[0]!.report({type: 'waiting', remainingMs: 872_000});
	for (const [columns, rows] of [[40, 10], [60, 16], [80, 24], [120, 40]] as const) {
		await app.resize({columns, rows});
		t.true(app.frame().includes('K 7 X Q'), `${columns}x${rows}:\n${app.frame()}`);
		t.true(app.frame().includes('plex.tv/link'), `${columns}x${rows}`);
		t.true(app.lines().length <= rows && app.lines().every(line => displayWidth(line) <= columns), `${columns}x${rows}:\n${app.frame()}`);
	}

	app.close();
});

test('where plex.tv gives no code, a small screen has the link', async t => {
	const {services, asked} = setUp();
	const app = await openApp(services, {columns: 40, rows: 10});
	await app.press(keys.enter);
	await app.until(frame => frame.includes('Asking plex.tv for a code'));
	asked[0]!.report({...code, code: undefined});
	await app.until(frame => frame.replaceAll(/\s/gv, '').includes(code.authUrl) && frame.includes('Waiting for you'));
	t.deepEqual(app.failures, []);
	app.close();
});

test('a screen reader hears the code letter by letter, and not the clock', async t => {
	const {services, asked} = setUp();
	const app = await openApp(services, {isScreenReader: true});
	await app.press(keys.enter);
	asked[0]!.report(code);
	await app.until(frame => frame.includes('enter the code K 7 X Q.'));
	asked[0]!.report({type: 'waiting', remainingMs: 872_000});
	t.notRegex(app.frame(), /14:32/v);
	app.close();
});
