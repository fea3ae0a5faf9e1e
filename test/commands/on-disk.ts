import test from 'ava';
import {openCatalog} from '../../source/store/catalog-store.js';
import {runCommand} from '../helpers/run-command.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {pastStore} from './_past.js';

const questions = [
	['diff', '--since', '2024-04-01', '--until', '2024-12-01'],
	['diff', '--since', '2024-05-04', '--until', '2024-12-01', '--json'],
	['diff', '--since', 'latest'],
	['diff', 'alien'],
	['diff', 'brazil', '--json'],
	['lost'],
	['lost', '--format', 'csv'],
	['lost', '--held', '--json'],
	['ls', '--at', '2024-05-02T10:00Z'],
	['ls', '--at', '2024-05-04T10:00Z', '--json'],
	['ls', '--at', '2024-04-01'],
	['verify'],
];

test('the past is told the same from a catalogue on disk, opened anew, as from memory', async t => {
	const folder = await temporaryFolder(t);
	const store = await pastStore(await openCatalog({folder}));
	await store.close();
	const inMemory = await pastStore();
	for (const argv of questions) {
		t.deepEqual(await runCommand(folder, argv), await runCommand(inMemory, argv), argv.join(' '));
	}
});

test('the past is told while another process holds the catalogue', async t => {
	const folder = await temporaryFolder(t);
	const store = await pastStore(await openCatalog({folder}));
	const {exitCode, stdout} = await runCommand(folder, ['diff', '--since', '2024-05-04', '--kind', 'removed']);
	t.is(exitCode, 0);
	t.regex(stdout, /Films: 1 removed/v);
	t.is((await runCommand(folder, ['verify'])).exitCode, 0);
	await store.close();
});
