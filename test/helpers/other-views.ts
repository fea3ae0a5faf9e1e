import type {Stats} from 'node:fs';
import path from 'node:path';
import {type FileSystem, nodeFileSystem} from '../../source/base/file-system.js';

/**
A file system in which each of `views` shows the files of `real`, as FUSE mounts do. The lock file is opened by SQLite, which knows nothing of it: so the kernel lock does not cross, as with FUSE mounts.
*/
export const otherViews = (real: string, ...views: string[]): FileSystem => {
	const viewOf = (value: unknown) => views.find(view => typeof value === 'string' && (value === view || value.startsWith(`${view}${path.sep}`)));
	const mapped = (value: unknown) => {
		const view = viewOf(value);
		return view === undefined ? value : real + String(value).slice(view.length);
	};

	return new Proxy({...nodeFileSystem}, {
		get(target, name) {
			const method = Reflect.get(target, name) as (...values: unknown[]) => unknown;
			return async (...values: unknown[]) => {
				const result = await method(...values.map(value => mapped(value)));
				const view = viewOf(values[0]);
				// Another view is another device.
				return name === 'stat' && view !== undefined ? Object.assign(result as Stats, {dev: 4711 + views.indexOf(view)}) : result;
			};
		},
	});
};
