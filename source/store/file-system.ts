import * as fsp from 'node:fs/promises';

/**
The calls of `node:fs/promises` that the store makes, so that a test can let any of them fail.
*/
export type FileSystem = Pick<
	typeof fsp,
	'link' | 'mkdir' | 'open' | 'readdir' | 'realpath' | 'rename' | 'stat' | 'unlink'
> & {
	statfs: (path: string) => Promise<{bavail: number; bsize: number}>;
};

export const nodeFileSystem: FileSystem = fsp;
