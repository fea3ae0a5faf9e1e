import {spawn} from 'node:child_process';
import {once} from 'node:events';
import net from 'node:net';
import process from 'node:process';
import {gzipSync} from 'node:zlib';
import type {ServerResponse} from 'node:http';
import test from 'ava';
import {
	canary,
	codeOf,
	failureOf,
	hasSecret,
	identityBody,
	listBody,
	listen,
	makeClient,
	sendJson,
	serve,
} from './_loopback.js';

/**
Timeouts short enough for a test, each far below the one that must not fire first.
*/
const patient = {
	connectMs: 20_000,
	responseMs: 20_000,
	readMs: 20_000,
	requestMs: 20_000,
};

const redirect = (response: ServerResponse, location: string) => {
	response.writeHead(302, {location}).end();
};

test('a redirect within the server is followed with the token', async t => {
	const tokens: unknown[] = [];
	const url = await serve(t, (request, response) => {
		tokens.push(request.headers['x-plex-token']);
		if (request.url?.startsWith('/plex') === true) {
			sendJson(response, listBody([{ratingKey: '1'}]));
		} else {
			redirect(response, `/plex${request.url ?? ''}`);
		}
	});
	t.deepEqual(await makeClient(t, url).details(['1']), [{ratingKey: '1'}]);
	t.deepEqual(tokens, [canary, canary]);
});

test('a redirect to another origin is refused, and nothing is sent there', async t => {
	let strangers = 0;
	const other = await serve(t, (_request, response) => {
		strangers++;
		sendJson(response, identityBody);
	});
	const url = await serve(t, (_request, response) => {
		redirect(response, `${other}/steal?X-Plex-Token=${canary}`);
	});
	const error = await failureOf(makeClient(t, url).sections());
	t.is(error.code, 'not-plex');
	t.is(error.message, `${url} redirects the request to ${other}, where the token must not be sent.`);
	t.is(error.hint, `If that is your server, use ${other} as its address.`);
	t.is(strangers, 0);
});

for (const location of ['https://127.0.0.1:1/', 'file:///etc/passwd', 'http://[', '//evil.example']) {
	test(`a redirect to "${location}" is refused`, async t => {
		const url = await serve(t, (_request, response) => {
			redirect(response, location);
		});
		t.is(await codeOf(makeClient(t, url).identity()), 'not-plex');
	});
}

test('redirects in a circle end', async t => {
	let count = 0;
	const url = await serve(t, (request, response) => {
		count++;
		redirect(response, request.url ?? '/');
	});
	t.is(await codeOf(makeClient(t, url).identity()), 'not-plex');
	t.is(count, 4);
});

test('an answer that unpacks without end is cut off', async t => {
	const bomb = gzipSync(' '.repeat(40 * 1_048_576));
	const url = await serve(t, (_request, response) => {
		response.writeHead(200, {'content-encoding': 'gzip', 'content-length': bomb.length}).end(bomb);
	});
	const client = makeClient(t, url, {maxBodyBytes: 1_048_576});
	const error = await failureOf(client.sections());
	t.is(error.code, 'too-large');
	t.is(error.message, `The answer of ${new URL(url).host} to /library/sections is larger than 1 MiB.`);
	t.true(client.usage().bytes < 2 * 1_048_576);
});

test('an answer that never ends is cut off', async t => {
	const url = await serve(t, (_request, response) => {
		const pump = () => {
			let isOpen = true;
			while (isOpen) {
				isOpen = !response.destroyed && response.write('x'.repeat(65_536));
			}
		};

		response.on('drain', pump);
		pump();
	});
	t.is(await codeOf(makeClient(t, url, {maxBodyBytes: 1_048_576}).sections()), 'too-large');
});

test('an answer that drips byte by byte ends with a timeout', async t => {
	const url = await serve(t, (_request, response) => {
		const timer = setInterval(() => {
			response.write(' ');
		}, 10);
		response.on('close', () => {
			clearInterval(timer);
		});
	});
	const error = await failureOf(makeClient(t, url, {timeouts: {...patient, readMs: 150}}).sections());
	t.is(error.code, 'timeout');
	t.regex(error.message, /took too long to answer \/library\/sections/v);
	t.false(hasSecret(error));
});

test('an answer that crawls ends long before its time is up', async t => {
	const bytesPerWrite = {crawling: 1, slow: 1000};
	for (const [name, bytes] of Object.entries(bytesPerWrite)) {
		const url = await serve(t, (_request, response) => {
			let left = 12;
			response.write('{"MediaContainer":{');
			const timer = setInterval(() => {
				response.write(' '.repeat(bytes));
				left--;
				if (left === 0) {
					response.end('}}');
				}
			}, 50);
			response.on('close', () => {
				clearInterval(timer);
			});
		});
		const client = makeClient(t, url, {timeouts: {...patient, crawlMs: 250}});
		if (name === 'slow') {
			t.deepEqual(await client.sections(), []);
		} else {
			const error = await failureOf(client.sections());
			t.is(error.code, 'timeout');
			t.regex(error.message, /took too long to answer \/library\/sections/v);
		}
	}
});

test('a server that accepts and says nothing ends with a timeout', async t => {
	const url = await serve(t, () => {
		// No answer.
	});
	const error = await failureOf(makeClient(t, url, {timeouts: {...patient, responseMs: 100}}).identity());
	t.is(error.code, 'timeout');
	t.false(hasSecret(error));
});

test('a server far away has time to connect, though its name has a second address', async t => {
	// A program that takes no connection: what does not fit into its queue waits.
	const program = 'const s = require("net").createServer().listen({port: 0, host: "127.0.0.1", backlog: 1}, () => { fs.writeSync(1, String(s.address().port)); fs.readSync(0, Buffer.alloc(1)); })';
	const child = spawn(process.execPath, ['--eval', program], {stdio: ['pipe', 'pipe', 'ignore']});
	const [told] = await once(child.stdout, 'data') as [Uint8Array];
	const port = Number(new TextDecoder().decode(told));
	const filling = Array.from({length: 4}, () => net.connect(port, '127.0.0.1').on('error', () => undefined));
	t.teardown(() => {
		child.kill();
		for (const socket of filling) {
			socket.destroy();
		}
	});
	await Promise.all(filling.slice(0, 2).map(async socket => once(socket, 'connect')));
	const began = performance.now();
	const client = makeClient(t, `http://far.example:${port}`, {
		timeouts: {...patient, responseMs: 3000},
		connection: {
			lookup(_name, _options, callback) {
				callback(null, [{address: '127.0.0.1', family: 4}, {address: '::1', family: 6}]);
			},
		},
	});
	t.is(await codeOf(client.identity()), 'timeout');
	t.true(performance.now() - began > 1400);
});

test('an answer that breaks off is tried again', async t => {
	let count = 0;
	const url = await serve(t, (_request, response) => {
		count++;
		if (count < 3) {
			response.writeHead(200, {'content-length': 1000});
			response.write('{"Media');
			setImmediate(() => {
				response.destroy();
			});
		} else {
			sendJson(response, identityBody);
		}
	});
	t.like(await makeClient(t, url, {retry: {limit: 2}}).identity(), {id: 'abc'});
	t.is(count, 3);
});

test('damaged gzip is a malformed answer', async t => {
	const url = await serve(t, (_request, response) => {
		response.writeHead(200, {'content-encoding': 'gzip'}).end('no gzip at all');
	});
	t.is(await codeOf(makeClient(t, url).sections()), 'malformed');
});

test('an error is told by its status even when its page is damaged or huge', async t => {
	const url = await serve(t, (request, response) => {
		if (request.url === '/') {
			response.writeHead(401, {'content-encoding': 'gzip'}).end('no gzip at all');
		} else {
			response.writeHead(401).end('x'.repeat(1_000_000));
		}
	});
	const client = makeClient(t, url);
	t.is(await codeOf(client.server()), 'unauthorized');
	t.is(await codeOf(client.sections()), 'unauthorized');
});

test('a closed port, a port without HTTP and the wrong of http and https have sentences of their own', async t => {
	const gone = net.createServer();
	const closed = await listen(t, gone);
	gone.close();
	const ssh = await listen(t, net.createServer(socket => {
		socket.end('SSH-2.0-OpenSSH_9.6\r\n');
	}));
	const tlsAlert = await listen(t, net.createServer(socket => {
		socket.end(new Uint8Array([21, 3, 1, 0, 2, 2, 70]));
	}));
	const plain = await serve(t, (_request, response) => {
		sendJson(response, identityBody);
	});
	const said = async (url: string) => {
		const {code, message} = await failureOf(makeClient(t, url).identity());
		return [code, message.replace(/127\.0\.0\.1:\d+/v, 'nas:1')];
	};

	t.deepEqual(await said(closed), ['unreachable', 'nas:1 refuses the connection: nothing listens on that port.']);
	t.deepEqual(await said(ssh), ['not-plex', 'The program at nas:1 does not speak HTTP, so it is not a Plex server.']);
	t.deepEqual(await said(tlsAlert), ['tls', 'nas:1 answers only over https.']);
	t.deepEqual(await said(plain.replace('http:', 'https:')), ['tls', 'No encrypted connection to nas:1 could be made: it may not speak https at all.']);
});

test('an abort ends a request under way, a waiting one and a retry, as cancelled', async t => {
	const controller = new AbortController();
	const url = await serve(t, request => {
		if (request.url === '/identity') {
			controller.abort();
		}
	});
	const client = makeClient(t, url, {concurrency: 1, signal: controller.signal});
	const errors = await Promise.all([client.identity(), client.sections(), client.details(['1'])].map(async call => failureOf(call)));
	t.deepEqual(errors.map(({code}) => code), ['cancelled', 'cancelled', 'cancelled']);
	t.is(client.usage().requests, 1);
	t.is(await codeOf(client.sections()), 'cancelled');
});

test('an abort of one call leaves the others alone', async t => {
	const controller = new AbortController();
	const url = await serve(t, (request, response) => {
		if (request.url?.startsWith('/library/metadata/1?') === true) {
			controller.abort();
		} else {
			sendJson(response, listBody());
		}
	});
	const client = makeClient(t, url);
	const [aborted, rows] = await Promise.all([
		failureOf(client.details(['1'], {signal: controller.signal})),
		client.details(['2']),
	]);
	t.is(aborted.code, 'cancelled');
	t.deepEqual(rows, []);
});

test('an abort during the wait before a retry ends at once', async t => {
	const controller = new AbortController();
	const url = await serve(t, (_request, response) => {
		response.writeHead(503, {'retry-after': '3600'}).end();
	});
	const client = makeClient(t, url, {
		retry: {limit: 3},
		signal: controller.signal,
		async sleep(_ms, signal) {
			controller.abort();
			signal.throwIfAborted();
		},
	});
	t.is(await codeOf(client.sections()), 'cancelled');
});

test('a closed client cancels what is under way', async t => {
	const url = await serve(t, () => {
		client.close();
	});
	const client = makeClient(t, url);
	t.is(await codeOf(client.identity()), 'cancelled');
});
