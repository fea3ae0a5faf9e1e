import {spawnSync} from 'node:child_process';
import {
	mkdtemp,
	rm,
	truncate,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {examine, startWriter} from '../test/helpers/store-kill.js';

/**
The power is cut under a writer, again and again: a file system in a file is shut down without its log being flushed, then mounted anew. Needs root, loop mounts, Python 3 for the ioctl, and mkfs.ext4 or mkfs.xfs: `npm run soak:power [-- cuts = 100]`. Ends with 1 at the first problem, and with 0 after saying so where the machine does not allow it.
*/
const cuts = Number(process.argv[2] ?? 100);

const run = (command: string, ...values: string[]) => spawnSync(command, values, {encoding: 'utf8'});

// EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number; 2 leaves the log unwritten.
const cutPower = (folder: string) => run('python3', '-c', `import fcntl, os, struct; fcntl.ioctl(os.open(${JSON.stringify(folder)}, os.O_RDONLY), 0x8004587d, struct.pack('I', 2))`);

const tryFileSystem = async (kind: 'ext4' | 'xfs'): Promise<string> => {
	const base = await mkdtemp(path.join(tmpdir(), 'reelcat-power-'));
	const image = path.join(base, 'image');
	const folder = path.join(base, 'disk');
	await writeFile(image, '');
	await truncate(image, 400 * (2 ** 20));
	run('mkdir', folder);
	const isMounted = () => run('mount', '-o', 'loop', image, folder).status === 0;
	try {
		if (run(`mkfs.${kind}`, '-q', image).status !== 0 || !isMounted()) {
			return `SKIPPED  ${kind}: this machine cannot make or mount it`;
		}

		let last = 0;
		let busy = 0;
		// Acknowledged between the last look at the writer and the end of the cut, and not there: whether before or after the power went cannot be told from here.
		let doubtful = 0;
		for (let cut = 1; cut <= cuts; cut++) {
			const data = path.join(folder, 'data');
			// It is to meet a disk that has gone, and says so.
			const writer = startWriter(data, {stderr: 'ignore'});
			await writer.waitForDone(last + 1);
			await sleep(Math.random() * 60);
			const promised = writer.done();
			const {status, stderr} = cutPower(folder);
			if (status !== 0) {
				return `SKIPPED  ${kind}: the power cannot be cut here (${stderr.trim().split('\n').at(-1) ?? ''})`;
			}

			await writer.kill();
			busy += writer.begun() > writer.done() ? 1 : 0;
			run('umount', folder);
			if (!isMounted()) {
				return `FAIL  ${kind}: not mounted again after cut ${cut}`;
			}

			const {problems, lastDone} = await examine(data, {begun: writer.begun, done: () => promised});
			doubtful += lastDone < writer.done() ? 1 : 0;
			if (problems.length > 0) {
				return `FAIL  ${kind}, cut ${cut}: ${problems.join(' ')}`;
			}

			last = lastDone;
		}

		return `PASS  ${kind}: ${cuts} cuts, ${busy} in the middle of work, ${last} commits, nothing torn, and no commit lost that was acknowledged before the cut was asked for; ${doubtful} acknowledged while it was made were not there`;
	} finally {
		run('umount', folder);
		await rm(base, {recursive: true, force: true});
	}
};

for (const kind of ['ext4', 'xfs'] as const) {
	const verdict = await tryFileSystem(kind);
	console.log(verdict);
	process.exitCode = verdict.startsWith('FAIL') ? 1 : process.exitCode;
}
