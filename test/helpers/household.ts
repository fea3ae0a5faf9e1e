import test, {type ExecutionContext} from 'ava';
import PQueue from 'p-queue';
import {startReelcat} from './run-reelcat.js';
import {
	createHome,
	sitDown,
	type Person,
	type SitDownOptions,
} from './terminal.js';

/**
An empty home, people at terminals in it, and demo servers in their own processes, which can be killed.
*/
export type Household = {
	home: string;
	sit: (options?: SitDownOptions) => Person;
	serve: (args?: readonly string[]) => Promise<{url: string; token: string; kill: () => Promise<void>}>;
};

type Body = (t: ExecutionContext, household: Household) => Promise<void>;

// AVA begins all tests of a file at once. With a dozen apps on two cores each of them is slower than people and servers wait.
const atOnce = new PQueue({concurrency: 2});

/**
Gives each test its own household and removes it afterwards.
*/
export const withHousehold = test.macro(async (t, body: Body) => {
	await atOnce.add(async () => liveIn(t, body));
});

const liveIn = async (t: ExecutionContext, body: Body) => {
	const {home, remove} = await createHome();
	const people: Person[] = [];
	const servers: Array<() => Promise<void>> = [];
	try {
		await body(t, {
			home,
			sit(options) {
				const person = sitDown(home, options);
				people.push(person);
				return person;
			},
			async serve(args = []) {
				const {child, finished} = startReelcat(home, ['demo-server', '--json', ...args]);
				const line = await new Promise<string>(resolve => {
					child.stdout!.once('data', (data: Uint8Array) => {
						resolve(new TextDecoder().decode(data));
					});
				});
				const kill = async () => {
					child.kill('SIGKILL');
					await finished;
				};

				servers.push(kill);
				return {...JSON.parse(line) as {url: string; token: string}, kill};
			},
		});
	} finally {
		for (const person of people) {
			person.signal('SIGKILL');
		}

		await Promise.all(servers.map(async kill => kill()));
		await remove();
	}
};
