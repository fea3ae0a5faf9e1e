import {Buffer} from 'node:buffer';
import test from 'ava';
import {canary, openWorld, refusalOf} from './_api.js';

const basic = (password: string) => `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`;
const addresses = ['/', '/page/revision', '/page/posters/m1'];

test('the page asks a browser for the token as a password, and takes it as every program sends it', async t => {
	const {call} = await openWorld(t);
	for (const address of addresses) {
		const refused = await call(address, {token: undefined});
		t.deepEqual(refusalOf(t, refused), [401, 'unauthorized']);
		// A browser asks nobody where the header has a second challenge.
		t.is(refused.headers['www-authenticate'], 'Basic realm="reelcat", charset="UTF-8"');
		t.is((await call(address, {token: undefined, headers: {Authorization: basic('wrong')}})).status, 401);
		t.is((await call(address, {token: undefined, headers: {Authorization: basic(canary)}})).status, 200, `with a password ${address}`);
		t.is((await call(address)).status, 200, `of ${address}`);
	}

	t.is((await call('/api/v1/status', {token: undefined, headers: {Authorization: basic(canary)}})).status, 401, 'Only the page takes a password.');
});

test('a public page needs no token, and opens nothing else', async t => {
	const {call} = await openWorld(t, {isPagePublic: true});
	for (const address of addresses) {
		t.is((await call(address, {token: undefined})).status, 200, `of ${address}`);
	}

	for (const address of ['/api/v1/status', '/api/v1/items', '/metrics', '/api/v1/events', '/api/v1/openapi.json']) {
		t.is((await call(address, {token: undefined})).status, 401, `of ${address}`);
	}

	t.is((await call('/', {token: undefined, headers: {Host: 'rebound.example'}})).status, 421);
});

test('foreign pages may lead to the page, but neither read it nor show it', async t => {
	const {call} = await openWorld(t, {isPagePublic: true});
	const cross = {'Sec-Fetch-Site': 'cross-site'};
	const document = {'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document'};
	const own = {'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty'};
	for (const address of addresses) {
		t.is((await call(address, {headers: own})).status, 200);
		t.is((await call(address, {headers: {...cross, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image'}})).status, 403);
		t.is((await call(address, {headers: {...cross, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe'}})).status, 403);
		t.is((await call(address, {headers: {...own, Origin: 'http://127.0.0.1:1'}})).status, 403);
	}

	const shown = await call('/', {headers: {...cross, ...document}});
	t.is(shown.status, 200);
	t.is(shown.headers['x-frame-options'], 'DENY');
	t.is(shown.headers['cross-origin-resource-policy'], 'same-origin');
	t.is((await call('/api/v1/status', {headers: {...cross, ...document}})).status, 403);
	t.is((await call('/api/v1/status', {headers: own})).status, 403);
});

test('the page comes packed where that is taken, and once for each revision', async t => {
	const {call} = await openWorld(t);
	const plain = await call('/');
	t.is(plain.text, '<!DOCTYPE html>the page');
	t.is(plain.headers['content-encoding'], undefined);
	t.is(plain.headers['content-type'], 'text/html; charset=utf-8');
	for (const encoding of ['gzip', 'br, gzip', 'gzip;q=0.5, br', '*']) {
		const packed = await call('/', {headers: {'Accept-Encoding': encoding}});
		t.is(packed.headers['content-encoding'], 'gzip', `for ${encoding}`);
	}

	for (const encoding of ['gzip;q=0', 'gzip;q=0.0', 'x-gzip', 'br']) {
		const unpacked = await call('/', {headers: {'Accept-Encoding': encoding}});
		t.is(unpacked.headers['content-encoding'], undefined, `for ${encoding}`);
	}

	const again = await call('/', {headers: {'If-None-Match': plain.headers.etag}});
	t.is(again.status, 304);
	t.is(again.text, '');
	t.is((await call('/', {headers: {'If-None-Match': '"other"'}})).status, 200);
	t.deepEqual((await call('/page/revision')).json, {revision: 7});
});

test('a poster has its type, and an item without one is not found', async t => {
	const {call} = await openWorld(t);
	const poster = await call('/page/posters/m1');
	t.is(poster.headers['content-type'], 'image/jpeg');
	t.is(poster.headers['x-content-type-options'], 'nosniff');
	t.deepEqual(refusalOf(t, await call('/page/posters/none')), [404, 'not-found']);
});
