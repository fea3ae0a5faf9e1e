import test from 'ava';
import {createAppLog} from '../../../source/app/app-log.js';
import {displayWidth} from '../../../source/base/text/width.js';
import {connection, fakeServices} from '../../helpers/fake-services.js';
import {openApp} from '../../helpers/open-app.js';
import {keys} from '../../helpers/render-screen.js';

const open = async (size = {}) => {
	const log = createAppLog();
	const {services} = fakeServices({initial: {connection}, log});
	return {log, ...await openApp(services, size)};
};

test('the log lies over any screen, follows what comes, and is gone with Esc or @', async t => {
	const app = await open();
	app.log.add('12:00:00.000 info  Begin with Films');
	await app.press('s', 'H', '@');
	await app.until(frame => frame.includes('Begin with Films'));
	t.true(app.frame().includes('› Runs'));
	app.log.add('12:00:01.000 warn  Films: \u{1B}[2Jslow');
	await app.until(frame => /warn {2}Films: .*slow/v.test(frame));
	await app.press(keys.escape);
	t.false(app.frame().includes('Begin with Films'));
	await app.press('@', '@');
	t.false(app.frame().includes('Begin with Films'));
	app.log.add('12:00:02.000 info  later');
	await app.press('@');
	await app.until(frame => frame.includes('later'));
	app.close();
});

test('a log that is at its end stays there, and one that is scrolled up stays where it is', async t => {
	const app = await open();
	for (let count = 0; count < 100; count++) {
		app.log.add(`12:00:00.000 info  line ${count}.`);
	}

	await app.press('@');
	await app.until(frame => frame.includes('line 99.'));
	app.log.add('12:00:00.000 info  line 100.');
	await app.until(frame => frame.includes('line 100.'));
	await app.press('g', 'g');
	await app.until(frame => frame.includes('line 0.'));
	app.log.add('12:00:00.000 info  line 101.');
	await app.until(frame => frame.includes('of 102 lines'));
	t.true(app.frame().includes('line 0.'));
	app.close();
});

test('only the last lines are kept', t => {
	const log = createAppLog();
	for (let count = 0; count < 1500; count++) {
		log.add(String(count));
	}

	t.is(log.lines().length, 1000);
	t.is(log.lines().at(-1), '1499');
});

test('an empty log says so, at 40×10 as well', async t => {
	const app = await open({columns: 40, rows: 10});
	await app.press('@');
	await app.until(frame => frame.includes('Nothing was logged'));
	t.is(app.lines().length, 10);
	t.true(app.lines().every(line => displayWidth(line) <= 40));
	app.close();
});
