import {Buffer} from 'node:buffer';

const signatures = [
	[0, 'ffd8ff', 'image/jpeg'],
	[0, '89504e470d0a1a0a', 'image/png'],
	[0, '474946383961', 'image/gif'],
	[0, '474946383761', 'image/gif'],
	[8, '57454250', 'image/webp'],
] as const;

/**
The media type of bytes that begin as a JPEG, PNG, GIF or WebP file does. Anything else, such as a page or an SVG, has none, and reaches neither a decoder nor a browser.
*/
export const pictureType = (bytes: Uint8Array): string | undefined =>
	signatures.find(([at, hex]) => Buffer.from(bytes.subarray(at, at + (hex.length / 2))).toString('hex') === hex)?.[2];
