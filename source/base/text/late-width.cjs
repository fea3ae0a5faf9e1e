/**
Stands in the bundle for `string-width` where `kept-width.ts` imports it, see `docs/bundle.ts`. To load it takes as long as to start Node.js, because of its regular expressions with properties of Unicode, and most commands only show texts that need none.
*/
let stringWidth;
const lateWidth = (text, options) => {
	stringWidth ??= require('string-width').default;
	return stringWidth(text, options);
};

module.exports = lateWidth;
