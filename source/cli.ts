#!/usr/bin/env node
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 20)) {
	process.stderr.write(`reelcat needs Node.js 22.20 or newer; this is ${process.versions.node}.\n`);
	process.exit(1);
}

// React renders three times as fast without its development checks; this must be set before React is loaded.
process.env['NODE_ENV'] ??= 'production';

// Loaded only now, so that an old Node.js gets the sentence above instead of a syntax error.
const {run} = await import('./run.js');
await run(process);
