import type {KeyBinding} from '../screen-module.js';

const cursorKeys = ['down', 'up', 'half-down', 'half-up', 'page-down', 'page-up', 'top', 'bottom'];
const itemKeys = ['open', 'next-match', 'previous-match', 'mark', 'mark-range', 'mark-others', 'timeline', 'names', 'copy', 'export', 'open-web', 'play'];
const needed: ReadonlySet<string> = new Set([...cursorKeys, ...itemKeys]);

/**
What a key of a list needs while the first rows are on their way. What people type in one go, such as `l5j` or `lt`, must not depend on how fast the rows are read.
*/
export const awaitedRows = ({id}: KeyBinding, areOnTheirWay: boolean): string | undefined =>
	areOnTheirWay && needed.has(id) ? 'the rows' : undefined;
