import {Buffer} from 'node:buffer';
import {crc32, deflateSync} from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import sharp from 'sharp';
import {decodePicture} from '../../source/app/decode-picture.js';
import {pictureType} from '../../source/app/picture-type.js';
import type {PictureKind} from '../../source/ui/graphics/picture-kind.js';

const box = {columns: 6, rows: 4};
const cell = {width: 10, height: 20};
const inputOf = (kind: PictureKind) => ({id: 9, box, mode: {kind, depth: 'true' as const, cell}});

const red = sharp({
	create: {
		width: 200, height: 300, channels: 3, background: '#ff0000',
	},
});

const jpeg = async () => new Uint8Array(await red.clone().jpeg().toBuffer());

test('a picture becomes what the terminal shows, in the size of its cells', async t => {
	const bytes = await jpeg();
	const blocks = await decodePicture(bytes, {width: 6, height: 8}, inputOf('blocks'));
	t.is(blocks?.lines.length, 4);
	t.regex(blocks!.lines[0]!, /\[38;2;25[45];0;0m.*▀{6}/v);
	const sixel = await decodePicture(bytes, {width: 60, height: 78}, inputOf('sixel'));
	t.true(sixel!.draw!.startsWith('\u{1B}P'));
	t.true(sixel!.draw!.includes('"1;1;60;78'));
	const kitty = await decodePicture(bytes, {width: 60, height: 80}, inputOf('kitty'));
	t.true(kitty!.send!.startsWith('\u{1B}_G'));
	const iterm = await decodePicture(bytes, {width: 60, height: 80}, inputOf('iterm2'));
	const png = Buffer.from(/:(?<data>[^:]+)\u{7}$/v.exec(iterm!.draw!)!.groups!['data']!, 'base64'); // eslint-disable-line no-control-regex, regexp/no-control-character
	t.like(await sharp(png).metadata(), {format: 'png', width: 60, height: 80});
});

const chunk = (type: string, data: Uint8Array) => {
	const named = Buffer.concat([Buffer.from(type), data]);
	const numbers = Buffer.alloc(8);
	numbers.writeUInt32BE(data.length, 0);
	numbers.writeUInt32BE(crc32(named), 4);
	return Buffer.concat([numbers.subarray(0, 4), named, numbers.subarray(4)]);
};

/**
A file of a few bytes that claims a size.
*/
const pngOfSize = (width: number, height: number) => {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2], 8);
	return new Uint8Array(Buffer.concat([
		Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(new Uint8Array(1000))), chunk('IEND', new Uint8Array()),
	]));
};

test('pictures that are broken, cut short or claim to be huge give none, and no error', async t => {
	const whole = await jpeg();
	const bad: Record<string, Uint8Array> = {
		nothing: new Uint8Array(),
		page: Buffer.from('<html>Not found</html>'),
		'start only': whole.slice(0, 20),
		'cut short': whole.slice(0, -40),
		huge: pngOfSize(60_000, 60_000),
		'wide and flat': pngOfSize(2_000_000_000, 1),
		'no height': pngOfSize(10, 0),
	};
	for (const [name, bytes] of Object.entries(bad)) {
		for (const kind of ['blocks', 'sixel', 'kitty'] as const) {
			t.is(await decodePicture(bytes, {width: 6, height: 8}, inputOf(kind)), undefined, `${name} for ${kind}`);
		}
	}
});

test('law: whatever bytes come, no error comes out', async t => {
	const whole = await jpeg();
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {minLength: 1, maxLength: 20}), async changes => {
		const bytes = new Uint8Array(whole);
		for (const [at, value] of changes) {
			bytes[at] = value;
		}

		const picture = await decodePicture(bytes, {width: 6, height: 8}, inputOf('blocks'));
		return picture === undefined || picture.lines.length === 4;
	}), {numRuns: 60}));
});

test('only what begins as a picture reaches the decoder', async t => {
	t.is(pictureType(await jpeg()), 'image/jpeg');
	t.is(pictureType(new Uint8Array(await red.clone().webp().toBuffer())), 'image/webp');
	t.is(pictureType(pngOfSize(1, 1)), 'image/png');
	for (const text of ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<!DOCTYPE html>', '{"MediaContainer":{}}', '%PDF-1.7', 'II*\0', 'RIFF']) {
		t.is(pictureType(Buffer.from(text)), undefined, `as ${text}`);
	}
});
