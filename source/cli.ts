#!/usr/bin/env node
/* eslint-disable n/prefer-global/process -- Every Node.js since 14 must be able to load this file and say which one is needed. So it imports nothing before it has looked, and has only the syntax of ES2020. */
// Compiled code is kept for the next start. Node.js would keep it in the temporary folder, where others could put code for us to run; so it lies in a folder that only we can write, or nowhere.
const keepCompiledCode = () => {
	const {mkdirSync, statSync} = process.getBuiltinModule('node:fs');
	const {isAbsolute, join} = process.getBuiltinModule('node:path');
	const {XDG_CACHE_HOME: cache, HOME: home, LOCALAPPDATA: local} = process.env;
	const base = [cache, home === undefined ? home : join(home, '.cache'), local].find(folder => folder !== undefined && isAbsolute(folder));
	if (base === undefined) {
		return;
	}

	const folder = join(base, 'reelcat', 'compiled');
	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		const {uid, mode} = statSync(folder);
		const isOurs = !process.getuid || (uid === process.getuid() && mode % 0o100 === 0);
		if (isOurs) {
			process.getBuiltinModule('node:module').enableCompileCache(folder);
		}
	} catch {
		// A start without it takes longer, and does the same.
	}
};

const start = async () => {
	keepCompiledCode();
	const {run} = await import('./commands/run.js');
	await run(process);
};

// This stays if the work stops before its end.
process.exitCode = 1;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 20)) {
	process.stderr.write(`reelcat needs Node.js 22.20 or newer; this is ${process.versions.node}.\n`);
} else {
	void start();
}
