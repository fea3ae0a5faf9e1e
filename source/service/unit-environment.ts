import path from 'node:path';
import {shownServerUrl} from '../plex/url.js';

const folderNames = ['REELCAT_CONFIG_DIR', 'REELCAT_DATA_DIR', 'REELCAT_STATE_DIR'];
const xdgNames = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME'];
const fileNames = ['NODE_EXTRA_CA_CERTS', 'REELCAT_API_TOKEN_FILE'];
const plainNames = ['REELCAT_NO_DISCOVERY', 'TZ'];
const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap(name => [name, name.toLowerCase()]);
const secretNames = ['PLEX_TOKEN', 'REELCAT_API_TOKEN'];

export type UnitEnvironment = {
	environment: Record<string, string>;
	/**
	Names of what is set here and is, or may hold, a secret: everybody may read the unit.
	*/
	leftOut: string[];
};

/**
What of this shell the service must have too, so that it works on the same catalogue in the same way. Relative paths are meant from `folder`.
*/
export const unitEnvironment = (env: NodeJS.ProcessEnv, folder: string): UnitEnvironment => {
	const given = (names: readonly string[]) => names.flatMap(name => {
		const value = env[name];
		return value === undefined || value === '' ? [] : [[name, value] as const];
	});
	const mayBeSecret = [
		...given(['PLEX_URL']).map(([name, value]) => [name, shownServerUrl(value)] as const),
		...given(proxyNames).map(([name, value]) => [name, value.includes('@') ? undefined : value] as const),
	];
	const open = mayBeSecret.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
	return {
		environment: Object.fromEntries([
			...given([...folderNames, ...fileNames]).map(([name, value]) => [name, path.resolve(folder, value)] as const),
			...given(xdgNames).filter(([, value]) => path.isAbsolute(value)),
			...given(plainNames),
			...given(['NODE_OPTIONS']).filter(([, value]) => !isOfTools(value)),
			...open,
		]),
		leftOut: [...given(secretNames), ...mayBeSecret.filter(([, value]) => value === undefined)].map(([name]) => name),
	};
};

/**
Editors and debuggers put themselves in there, for their own terminals.
*/
const isOfTools = (value: string) => /--(?:require|import|loader|experimental-loader|inspect)|-r\b/v.test(value);
