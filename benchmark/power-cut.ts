import {spawnSync} from 'node:child_process';
import {
	mkdtemp,
	readFile,
	rm,
	truncate,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {
	examine,
	startWriter,
	type Writer,
	type WriterOptions,
} from '../test/helpers/store-kill.js';

/**
Cuts the power under a writer, again and again: it shuts down a file system in a file without flushing its log, then mounts it again. For comparison it does the same to a bare file that is appended to and synced, because a sync call may succeed after the shutdown has begun. It needs root, loop mounts, Python 3 for the ioctl, and mkfs.ext4 or mkfs.xfs: `npm run soak:power [-- cuts = 100]`. It ends with 1 at the first problem. If the machine does not allow it, it says so and ends with 0.
*/
const cuts = Number(process.argv[2] ?? 100);

const run = (command: string, ...values: string[]) => spawnSync(command, values, {encoding: 'utf8'});

// EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are the same number; 2 leaves the log unwritten.
const cutPower = (folder: string) => run('python3', '-c', `import fcntl, os, struct; fcntl.ioctl(os.open(${JSON.stringify(folder)}, os.O_RDONLY), 0x8004587d, struct.pack('I', 2))`);

type Subject = {
	name: NonNullable<WriterOptions['name']>;
	/**
	The problems of the state after a cut, and the last commit in it.
	*/
	examine: (data: string, writer: Pick<Writer, 'begun' | 'done'>) => Promise<{problems: string[]; lastDone: number}>;
};

const blockBytes = 4096;

type Tally = {
	last: number;
	busy: number;
	/**
	Cuts that lost a commit that was acknowledged between the last look at the writer and the end of the cut. The power may have been off by then.
	*/
	doubtful: number;
};

/**
The blocks that are there, in order; everything after a gap is cut off.
*/
const examineBlocks: Subject['examine'] = async (data, {done}) => {
	const file = path.join(data, 'blocks');
	const text = await readFile(file, 'latin1');
	let lastDone = 0;
	while (text.slice(lastDone * blockBytes, (lastDone + 1) * blockBytes) === String(lastDone + 1).padEnd(blockBytes)) {
		lastDone++;
	}

	await truncate(file, lastDone * blockBytes);
	return {problems: lastDone < done() ? [`Block ${done()} was acknowledged, ${lastDone} are there.`] : [], lastDone};
};

const cutOften = async (disk: Disk, {name, examine: look}: Subject): Promise<Tally> => {
	const tally: Tally = {last: 0, busy: 0, doubtful: 0};
	for (let cut = 1; cut <= cuts; cut++) {
		const data = path.join(disk.folder, name);
		// The writer complains when the disk is gone, which is expected.
		const writer = startWriter(data, {stderr: 'ignore', name, ...name === 'bare-child' && {rewriteBytes: blockBytes}});
		await writer.waitForDone(tally.last + 1);
		await sleep(Math.random() * 60);
		const promised = writer.done();
		const {status, stderr} = cutPower(disk.folder);
		if (status !== 0) {
			throw new Skipped(`the power cannot be cut here (${stderr.trim().split('\n').at(-1) ?? ''})`);
		}

		await writer.kill();
		tally.busy += writer.begun() > writer.done() ? 1 : 0;
		disk.unmount();
		if (!disk.isMounted()) {
			throw new Error(`cut ${cut}: it was not mounted again`);
		}

		const {problems, lastDone} = await look(data, {begun: writer.begun, done: () => promised});
		tally.doubtful += lastDone < writer.done() ? 1 : 0;
		if (problems.length > 0) {
			throw new Error(`cut ${cut}: ${problems.join(' ')}`);
		}

		tally.last = lastDone;
	}

	return tally;
};

class Skipped extends Error {}

type Disk = {folder: string; isMounted: () => boolean; unmount: () => void};

const tryFileSystem = async (kind: 'ext4' | 'xfs'): Promise<string> => {
	const base = await mkdtemp(path.join(tmpdir(), 'reelcat-power-'));
	const image = path.join(base, 'image');
	const folder = path.join(base, 'disk');
	await writeFile(image, '');
	await truncate(image, 400 * (2 ** 20));
	run('mkdir', folder);
	const disk: Disk = {
		folder,
		isMounted: () => run('mount', '-o', 'loop', image, folder).status === 0,
		unmount() {
			run('umount', folder);
		},
	};
	try {
		if (run(`mkfs.${kind}`, '-q', image).status !== 0 || !disk.isMounted()) {
			throw new Skipped('this machine cannot make or mount it');
		}

		const {last, busy, doubtful} = await cutOften(disk, {name: 'store-child', examine});
		const bare = await cutOften(disk, {name: 'bare-child', examine: examineBlocks});
		return `PASS  ${kind}: ${cuts} cuts, ${busy} in the middle of work, ${last} commits, nothing torn, and no commit lost that was acknowledged before the cut was asked for. Cuts that lost one acknowledged while they were made: ${doubtful}; of a bare file that is appended to and synced: ${bare.doubtful}.`;
	} catch (error) {
		const {message} = error as Error;
		return `${error instanceof Skipped ? 'SKIPPED' : 'FAIL'}  ${kind}: ${message}`;
	} finally {
		disk.unmount();
		await rm(base, {recursive: true, force: true});
	}
};

for (const kind of ['ext4', 'xfs'] as const) {
	const verdict = await tryFileSystem(kind);
	console.log(verdict);
	process.exitCode = verdict.startsWith('FAIL') ? 1 : process.exitCode;
}
