import path from 'node:path';
import {isAppError} from '../base/errors.js';
import {parseServerUrl, shownServerUrl} from '../plex/url.js';
import type {Folders} from '../store/folders.js';
import {readStoreAddress} from '../store/postgres/address.js';
import type {SandboxLevel} from './sandbox.js';
import {unitText} from './unit.js';

type ServiceUnitOptions = {
	env: NodeJS.ProcessEnv;
	/**
	Base for relative paths.
	*/
	workFolder: string;
	nodePath: string;
	cliPath: string;
	folders: Folders;
	exportFolders: readonly string[];
	isDemo: boolean;
	/**
	Options of the command line that hold for every start: which server, and how many requests at a time.
	*/
	given: {url: string | undefined; server: string | undefined; store: string | undefined; tokenFile: string | undefined; concurrency: number | undefined};
	/**
	Options of `reelcat --watch`.
	*/
	watchOptions: readonly string[];
	credentialFile: string | undefined;
	sandbox: SandboxLevel;
};

export type ServiceUnit = {
	text: string;
	/**
	Names of environment variables that the unit does not have: they hold a secret, or may hold one, and everybody may read the unit.
	*/
	leftOut: string[];
};

/**
The unit that starts the reelcat that is running now, with the same options.

@throws AppError 'usage' for an address or a path that cannot be used
*/
export const serviceUnit = ({env, workFolder, nodePath, cliPath, given, watchOptions, credentialFile, ...rest}: ServiceUnitOptions): ServiceUnit => {
	const {environment, leftOut} = unitEnvironment(env, workFolder);
	const {url, server, store, tokenFile, concurrency} = given;
	const option = (name: string, value: string | number | undefined) => value === undefined ? [] : [name, String(value)];
	const execStart = [
		nodePath,
		cliPath,
		...(rest.isDemo ? ['--demo'] : []),
		...option('--url', url === undefined ? undefined : parseServerUrl(url)),
		...option('--server', server),
		...option('--store', store === undefined ? undefined : unitStore(store, workFolder)),
		...option('--token-file', tokenFile === undefined ? undefined : path.resolve(workFolder, tokenFile)),
		...option('--concurrency', concurrency),
		'--watch',
		...watchOptions,
	];
	return {
		text: unitText({
			...rest,
			execStart,
			environment,
			credentialFile: credentialFile === undefined ? undefined : path.resolve(workFolder, credentialFile),
		}),
		leftOut,
	};
};

const folderNames = ['REELCAT_CONFIG_DIR', 'REELCAT_DATA_DIR', 'REELCAT_STATE_DIR'];
const xdgNames = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME'];
const fileNames = ['NODE_EXTRA_CA_CERTS', 'REELCAT_API_TOKEN_FILE', 'REELCAT_STORE_PASSWORD_FILE', 'PGPASSFILE'];
const plainNames = ['REELCAT_NO_DISCOVERY', 'TZ'];
const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap(name => [name, name.toLowerCase()]);
const secretNames = ['PLEX_TOKEN', 'REELCAT_API_TOKEN', 'PGPASSWORD'];

/**
The variables of this shell that the service needs to work on the same catalogue in the same way. `folder` is the base for relative paths.
*/
const unitEnvironment = (env: NodeJS.ProcessEnv, folder: string) => {
	const given = (names: readonly string[]) => names.flatMap(name => {
		const value = env[name];
		return value === undefined || value === '' ? [] : [[name, value] as const];
	});
	const mayBeSecret = [
		...given(['PLEX_URL']).map(([name, value]) => [name, shownServerUrl(value)] as const),
		...given(['REELCAT_STORE']).map(([name, value]) => [name, storeOrNothing(value, folder)] as const),
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
The address of a database without a secret, and with the whole path of its certificates: the service starts in another folder.

@throws AppError 'usage'
*/
const unitStore = (text: string, folder: string): string => {
	const {text: plain, rootCertificateFile} = readStoreAddress(text);
	const url = new URL(plain);
	if (rootCertificateFile !== undefined) {
		url.searchParams.set('sslrootcert', path.resolve(folder, rootCertificateFile));
	}

	return url.href;
};

// One that is not in use here may hold a password.
const storeOrNothing = (text: string, folder: string): string | undefined => {
	try {
		return unitStore(text, folder);
	} catch (error) {
		if (!isAppError(error, 'usage')) {
			throw error;
		}

		return undefined;
	}
};

/**
Editors and debuggers add such options for their own terminals.
*/
const isOfTools = (value: string) => /--(?:require|import|loader|experimental-loader|inspect)|-r\b/v.test(value);
