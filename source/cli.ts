#!/usr/bin/env node
/* eslint-disable n/prefer-global/process -- Every Node.js since 14 must be able to load this file and say which one is needed. So it imports nothing before it has looked, and has only the syntax of ES2020. */
const start = async () => {
	// Halves the time until the first screen, from the second start on.
	process.getBuiltinModule('node:module').enableCompileCache();
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
