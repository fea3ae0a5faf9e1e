/**
Stands in the bundle for `node:http`, see `docs/bundle.ts`. An `import` of it reads every export, and `WebSocket` among these loads the whole of `fetch`, which takes longer than the rest of `http` and is not used here.
*/
// eslint-disable-next-line n/prefer-global/process -- A module of CommonJS cannot import it, and need not.
module.exports = process.getBuiltinModule('node:http');
