import path from 'node:path';

const folderNames = ['REELCAT_CONFIG_DIR', 'REELCAT_DATA_DIR', 'REELCAT_STATE_DIR'];
const xdgNames = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME'];
const fileNames = ['NODE_EXTRA_CA_CERTS', 'REELCAT_API_TOKEN_FILE'];
const plainNames = ['PLEX_URL', 'REELCAT_NO_DISCOVERY', 'REELCAT_PLEXTV_URL', 'TZ'];
const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap(name => [name, name.toLowerCase()]);
const secretNames = ['PLEX_TOKEN', 'REELCAT_API_TOKEN'];

export type UnitEnvironment = {
	environment: Record<string, string>;
	/**
	Names of what is set here and would be a secret in the unit, which everybody may read.
	*/
	leftOut: string[];
};

/**
What of this shell the service must have too, so that it works on the same catalogue in the same way.

@param env
@param folder that relative paths are meant from
*/
export const unitEnvironment = (env: NodeJS.ProcessEnv, folder: string): UnitEnvironment => {
	const given = (names: readonly string[]) => names.flatMap(name => {
		const value = env[name];
		return value === undefined || value === '' ? [] : [[name, value] as const];
	});
	const open = [...given(plainNames), ...given(proxyNames), ...given(['NODE_OPTIONS']).filter(([, value]) => !isOfTools(value))];
	return {
		environment: Object.fromEntries([
			...given([...folderNames, ...fileNames]).map(([name, value]) => [name, path.resolve(folder, value)] as const),
			...given(xdgNames).filter(([, value]) => path.isAbsolute(value)),
			...open.filter(([, value]) => !hasSecret(value)),
		]),
		leftOut: [...given(secretNames), ...open.filter(([, value]) => hasSecret(value))].map(([name]) => name),
	};
};

/**
A proxy's password, or a token in an address.
*/
const hasSecret = (value: string) => /@|token/iv.test(value);

/**
Editors and debuggers put themselves in there, for their own terminals.
*/
const isOfTools = (value: string) => /--(?:require|import|loader|experimental-loader|inspect)|-r\b/v.test(value);
