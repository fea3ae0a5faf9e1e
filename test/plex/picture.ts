import test from 'ava';
import {
	canary,
	failureOf,
	makeClient,
	serve,
} from './_loopback.js';

test('a picture is asked of the transcoder, with the token in a header only', async t => {
	const seen: Array<{url: string | undefined; token: unknown}> = [];
	const url = await serve(t, (request, response) => {
		seen.push({url: request.url, token: request.headers['x-plex-token']});
		response.writeHead(200, {'content-type': 'image/jpeg'}).end(new Uint8Array([255, 216, 255]));
	});
	const bytes = await makeClient(t, url).picture({path: '/library/metadata/7/thumb/1', width: 120, height: 180});
	t.deepEqual([...bytes], [255, 216, 255]);
	t.deepEqual(seen, [{
		url: '/photo/:/transcode?url=%2Flibrary%2Fmetadata%2F7%2Fthumb%2F1&width=120&height=180&minSize=1&upscale=0', token: canary,
	}]);
});

test('a redirect elsewhere gets no token', async t => {
	const seen: unknown[] = [];
	const elsewhere = await serve(t, (request, response) => {
		seen.push(request.headers['x-plex-token']);
		response.end('x');
	});
	const url = await serve(t, (_, response) => {
		response.writeHead(302, {location: `${elsewhere}/poster.jpg`}).end();
	});
	await Promise.allSettled([makeClient(t, url).picture({path: '/1', width: 1, height: 1})]);
	t.false(seen.includes(canary));
});

test('more bytes than a picture has are not read to their end', async t => {
	let sent = 0;
	const url = await serve(t, (_, response) => {
		const send = () => {
			while (sent < 64 * 1_048_576 && !response.destroyed) {
				sent += 65_536;
				if (!response.write(new Uint8Array(65_536))) {
					response.once('drain', send);
					return;
				}
			}

			response.end();
		};

		send();
	});
	t.is((await failureOf(makeClient(t, url).picture({path: '/1', width: 1, height: 1}))).code, 'too-large');
	t.true(sent < 32 * 1_048_576);
});

test('a server that refuses is asked once', async t => {
	let asked = 0;
	const url = await serve(t, (_, response) => {
		asked++;
		response.writeHead(500).end();
	});
	await failureOf(makeClient(t, url, {retry: {limit: 3}}).picture({path: '/1', width: 1, height: 1}));
	t.is(asked, 1);
});
