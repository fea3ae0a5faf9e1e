/**
Stands in the bundle for `string-width` where `kept-width.ts` imports it, see `docs/bundle.ts`. Its regular expressions with properties of Unicode take up to ten milliseconds as they are made, and most commands only show texts that need none.
*/
let stringWidth;
const lateWidth = (text, options) => {
	stringWidth ??= require('string-width').default;
	return stringWidth(text, options);
};

module.exports = lateWidth;
