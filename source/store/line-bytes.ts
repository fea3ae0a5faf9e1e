import {type Buffer} from 'node:buffer';

/**
A line in UTF-8, without its line break. A `Buffer`, because lines are compared, searched and cut as bytes by the hundred thousand.
*/
export type LineBytes = ReturnType<typeof Buffer.from>;
