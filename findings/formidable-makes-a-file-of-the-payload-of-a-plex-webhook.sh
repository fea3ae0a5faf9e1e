#!/usr/bin/env bash
# The payload of a Plex webhook is a file for formidable and koa-body and an object for @fastify/multipart; with the usual test by curl all say it is text.
#
# Seen with formidable 3.5.4, koa-body 8.0.1, @fastify/multipart 10.1.9 (fastify 5.12.8), multer 2.5.0, busboy 1.6.0,
# multiparty 4.3.1, hono 4.13.19 and @hapi/hapi 21.4.10 on Node.js 24 (2026-12-01).
#
# Expected: a webhook of Plex is a form with a field `payload`, which is JSON, and often a file `thumb`. A part of a form is a file
# if it has a file name (RFC 7578). So `payload` is a field, and its value a text to be parsed, as with `curl -F 'payload={…}'`,
# with which receivers are tried out.
#
# Seen: Plex names the type of that field (`Content-Type: application/json`, as the log in issue 182 of adnanh/webhook shows), and
# curl does not. With the type, formidable and koa-body have no field any more and write the payload to the disk as a file without
# a name. @fastify/multipart has parsed it: `value` is an object. multer, busboy, multiparty, Hono and hapi give the text.
#
# Consequence: a receiver that works in its tests gets nothing of the real Plex, or asks JSON.parse for the text "[object Object]".
# Try it with `curl -F 'payload={…};type=application/json'`, and take text, object and file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts formidable@3.5.4 koa@3.3.0 koa-body@8.0.1 fastify@5.12.8 @fastify/multipart@10.1.9 multer@2.5.0 busboy@1.6.0 multiparty@4.3.1 hono@4.13.19 @hono/node-server@2.1.9 @hapi/hapi@21.4.10
cat >look.mjs <<'JS'
import {once} from 'node:events';
import {createServer} from 'node:http';
import multipart from '@fastify/multipart';
import Hapi from '@hapi/hapi';
import {getRequestListener} from '@hono/node-server';
import busboy from 'busboy';
import Fastify from 'fastify';
import {formidable} from 'formidable';
import {Hono} from 'hono';
import Koa from 'koa';
import {koaBody} from 'koa-body';
import multer from 'multer';
import multiparty from 'multiparty';

const form = type => [
	'--x', 'Content-Disposition: form-data; name="payload"', ...type, '', '{"event":"library.new"}',
	'--x', 'Content-Disposition: form-data; name="thumb"; filename="thumb.jpg"', 'Content-Type: image/jpeg', '', 'JPEG', '--x--', '',
].join('\r\n');

const call = async (port, type) => {
	const headers = {'Content-Type': 'multipart/form-data; boundary=x'};
	const response = await fetch(`http://127.0.0.1:${port}/`, {method: 'POST', headers, body: form(type)});
	return response.text();
};

const look = async (name, server) => {
	if (!server.listening) {
		await once(server.listen(0, '127.0.0.1'), 'listening');
	}

	const {port} = server.address();
	console.log(`${name}: as curl sends it, ${await call(port, [])}; as Plex does, ${await call(port, ['Content-Type: application/json'])}`);
	server.closeAllConnections?.();
	server.close();
};

const kindOf = value => typeof value === 'string' ? 'text' : (value.filepath === undefined ? 'object' : 'file');

const tell = (fields, files = {}) => {
	const [field, file] = [fields?.payload, files.payload].map(value => [value].flat()[0]);
	return field === undefined ? (file === undefined ? 'nothing' : `a ${kindOf(file)}`) : `a field with ${kindOf(field)}`;
};

await look('formidable', createServer(async (request, response) => response.end(tell(...await formidable().parse(request)))));

const koa = new Koa();
koa.use(koaBody({multipart: true}));
koa.use(({request, response}) => {
	response.body = tell(request.body, request.files);
});
await look('koa-body', createServer(koa.callback()));

const fastify = Fastify();
fastify.register(multipart, {attachFieldsToBody: 'keyValues', onFile: part => part.toBuffer()});
fastify.post('/', async ({body}) => tell(body));
await fastify.listen({port: 0, host: '127.0.0.1'});
await look('@fastify/multipart', fastify.server);

await look('multer', createServer((request, response) => multer().single('thumb')(request, response, () => response.end(tell(request.body)))));

await look('busboy', createServer((request, response) => {
	const fields = {};
	const reader = busboy({headers: request.headers});
	reader.on('field', (name, value) => {
		fields[name] = value;
	}).on('file', (name, file) => file.resume()).on('close', () => response.end(tell(fields)));
	request.pipe(reader);
}));

await look('multiparty', createServer((request, response) => new multiparty.Form().parse(request, (error, fields, files) => response.end(tell(fields, files)))));

const hono = new Hono();
hono.post('/', async context => context.text(tell(await context.req.parseBody())));
await look('hono', createServer(getRequestListener(hono.fetch)));

const hapi = Hapi.server({port: 0, host: '127.0.0.1'});
hapi.route({method: 'POST', path: '/', options: {payload: {multipart: true}}, handler: ({payload}) => tell(payload)});
await hapi.start();
await look('hapi', hapi.listener);
process.exit();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
formidable: as curl sends it, a field with text; as Plex does, a file
koa-body: as curl sends it, a field with text; as Plex does, a file
@fastify/multipart: as curl sends it, a field with text; as Plex does, a field with object
multer: as curl sends it, a field with text; as Plex does, a field with text
busboy: as curl sends it, a field with text; as Plex does, a field with text
multiparty: as curl sends it, a field with text; as Plex does, a field with text
hono: as curl sends it, a field with text; as Plex does, a field with text
hapi: as curl sends it, a field with text; as Plex does, a field with text
SEEN
