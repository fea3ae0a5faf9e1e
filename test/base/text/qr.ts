import test from 'ava';
import {encode} from 'uqr';
import {qrLines} from '../../../source/base/text/qr.js';

const texts = ['https://plex.tv/link/?pin=K7XQ', `https://app.plex.tv/auth#?clientID=${'0'.repeat(36)}&code=${'a'.repeat(25)}&context%5Bdevice%5D%5Bproduct%5D=reelcat`];

test('the half blocks, and the letters where there are none, are the modules of the code', t => {
	for (const text of texts) {
		const {data} = encode(text, {ecc: 'L', border: 2});
		const lines = qrLines(text, {isAscii: false});
		const seen = data.map((row, index) => row.map((_, column) => {
			const character = lines[Math.floor(index / 2)]![column]!;
			return index % 2 === 0 ? '▄ '.includes(character) : '▀ '.includes(character);
		}));
		t.deepEqual(seen, data);
		t.deepEqual(qrLines(text, {isAscii: true}).map(line => line.match(/.{2}/gv)!.map(module => module === '  ')), data);
	}
});

test('both fit beside or above their text in 80 columns', t => {
	for (const text of texts) {
		t.true(qrLines(text, {isAscii: false}).every(line => line.length <= 50));
	}

	t.true(qrLines(texts[0]!, {isAscii: false}).length <= 16);
});
