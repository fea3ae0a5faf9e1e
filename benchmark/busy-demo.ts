/**
The demo server in its own process. A line of JSON on its stdin turns on a model of what requests cost a server. It makes each answer only once, because making a page keeps this process busy for 70 ms, which would count as the server's latency.

Usage: tsx benchmark/busy-demo.ts MOVIES SHOWS
*/
import process from 'node:process';
import type {LatencyModel} from '../source/demo/knobs/latency-model.js';
import {startDemoServer} from '../source/demo/server.js';

const [movies = 0, shows = 0] = process.argv.slice(2).map(Number);
const server = await startDemoServer({movies, shows, keepsAnswers: true});
process.stdin.once('data', (line: Uint8Array) => {
	server.setLatencyModel(JSON.parse(new TextDecoder().decode(line)) as LatencyModel);
});
process.stdout.write(`${JSON.stringify({url: server.url, token: server.token})}\n`);
