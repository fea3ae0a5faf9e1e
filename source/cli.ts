#!/usr/bin/env node
import {enableCompileCache} from 'node:module';
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 20)) {
	process.stderr.write(`reelcat needs Node.js 22.20 or newer; this is ${process.versions.node}.\n`);
	process.exit(1);
}

// Halves the time until the first screen, from the second start on.
enableCompileCache();

// Loaded only now, so that an old Node.js gets the sentence above instead of a syntax error.
const {run} = await import('./commands/run.js');
await run(process);
