/**
The demo server with a model of what requests cost a server, in a process of its own.

Usage: tsx benchmark/busy-demo.ts MOVIES SHOWS
*/
import process from 'node:process';
import {plausibleLatency} from '../source/demo/latency-model.js';
import {startDemoServer} from '../source/demo/server.js';

const [movies = 0, shows = 0] = process.argv.slice(2).map(Number);
const {url, token} = await startDemoServer({movies, shows, latencyModel: plausibleLatency});
process.stdout.write(`${JSON.stringify({url, token})}\n`);
