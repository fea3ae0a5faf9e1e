import test from 'ava';
import type {ImportResult} from '../../source/sync/events.js';
import {
	movie,
	connection,
	fakeServices,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';

const setUp = () => fakeServices({
	items: [movie(1, {title: 'Alien', year: 1979}), movie(2, {title: 'Casablanca', year: 1942})],
	libraries: async () => [row('movies', {title: 'Movies', isChosen: true})],
	initial: {connection},
});

test('a screen reader hears where it is and what is selected, as text that is only added to', async t => {
	const app = await openApp(setUp().services, {isScreenReader: true});
	await app.until(frame => frame.includes('Library 1 of 1: Movies, ticked, 0 in the catalogue.'));
	await app.press('l');
	await app.until(frame => frame.includes('Alien, 1979, 1 of 2.'));
	await app.press('j');
	await app.until(frame => frame.includes('Casablanca, 1942, 2 of 2.'));
	const text = app.frame();
	t.true(text.indexOf('Library 1 of 1') < text.indexOf('Alien'));
	t.true(text.indexOf('Alien') < text.indexOf('Casablanca'));
	t.notRegex(text, /[›─│█░]/v);
	app.close();
});

test('progress is told in steps of ten percent', async t => {
	const fake = setUp();
	const {promise} = Promise.withResolvers<ImportResult>();
	fake.services.startImport = async () => promise;
	const app = await openApp(fake.services, {isScreenReader: true});
	await app.until(frame => frame.includes('Movies'));
	await app.press('\r');
	fake.report({
		type: 'run-started', runId: 'r', startedAt: '', libraries: [{id: 'movies', title: 'Movies', libraryType: 'movie'}],
	});
	fake.report({type: 'library-counted', libraryId: 'movies', expected: 4800});
	fake.report({type: 'library-phase', libraryId: 'movies', phase: 'importing'});
	for (let done = 0; done < 25; done++) {
		fake.report({
			type: 'items-committed', libraryId: 'movies', imported: 48, unchanged: 0, lastTitle: undefined, revision: done,
		});
	}

	await app.until(frame => frame.includes('Movies: about 960 of 4,800, 20 percent.'));
	t.is(app.frame().match(/percent/gv)?.length, 3);
	app.close();
});

test('what is longer than the screen is said one screen at a time', async t => {
	const app = await openApp(setUp().services, {isScreenReader: true, rows: 12});
	await app.until(frame => frame.includes('Library 1 of 1'));
	await app.press('?');
	await app.until(frame => frame.includes('Screen: help.'));
	t.notRegex(app.frame(), /Paint the screen again/v);
	await app.until(frame => frame.includes('Paint the screen again'));
	app.close();
});

test('what is out of date before it could be said is left out', async t => {
	const app = await openApp(setUp().services, {isScreenReader: true, rows: 12});
	await app.until(frame => frame.includes('Library 1 of 1'));
	await app.press('?');
	await app.press(keys.escape);
	await app.press('l');
	await app.until(frame => frame.includes('Alien, 1979, 1 of 2.'));
	t.notRegex(app.frame(), /Paint the screen again/v);
	app.close();
});
