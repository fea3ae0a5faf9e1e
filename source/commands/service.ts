import {existsSync} from 'node:fs';
import {platform} from 'node:os';
import path from 'node:path';
import {AppError} from '../base/errors.js';
import {readTokenFile} from '../servers/given-token.js';
import {
	installUnit,
	uninstallUnit,
	type Installed,
	type Removed,
	unitPath,
} from '../service/install.js';
import {ownPaths, requireLasting, type OwnPaths} from '../service/own-path.js';
import {serviceUnit, type ServiceUnit} from '../service/service-unit.js';
import {createUserManager, type UserManager} from '../service/user-manager.js';
import {findHome} from '../store/folders.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {readWatchSettings} from '../watch/watch-settings.js';
import {print, type CommandContext} from './command.js';
import {parseCommandLine} from './parse.js';
import {appCommand} from './entries/app.js';
import {watchFlagsOf} from './watch.js';
import {serviceActions} from './words.js';

// `own` finds the program that the service starts.
export const runServiceCommand = async (context: CommandContext, own: () => OwnPaths = ownPaths): Promise<number> => {
	const [action, ...watchOptions] = context.input;
	if (action === 'install') {
		return install(context, watchOptions, own);
	}

	if (action === 'show') {
		const {text} = await makeUnit(context, {watchOptions, own, manager: await reachManager(context)});
		await context.io.out(text);
		return 0;
	}

	if (action === 'remove' && watchOptions.length === 0) {
		return remove(context);
	}

	throw new AppError('usage', action === undefined ? 'Say what to do with the service.' : `There is no "reelcat service ${clean(context.input.join(' '))}".`, {hint: orNearest(action ?? '', serviceActions, `There is: reelcat service ${serviceActions.join(', ')}.`)});
};

const install = async (context: CommandContext, watchOptions: readonly string[], own: () => OwnPaths) => {
	const {io, flags, session} = context;
	requireSystemd();
	const manager = await reachManager(context);
	const {text, leftOut} = await makeUnit(context, {watchOptions, own, manager});
	const file = fileOf(context);
	const installed = await installUnit({
		file,
		text,
		folders: session.ownFolders(),
		isForced: flags.boolean('force') === true,
		isNow: flags.boolean('now') === true,
		manager,
	});
	await print(
		context,
		{
			ok: installed.failure === undefined, file, ...installed, leftOut,
		},
		installedLines(file, installed).map(line => `${line}\n`).join(''),
	);
	for (const name of leftOut) {
		io.say(`${name} is not in the unit, because everybody on this machine may read that. ${name === 'PLEX_TOKEN' ? 'Sign in with "reelcat login", or give --credential FILE.' : 'Put it where only the service reads it: systemctl --user edit reelcat'}`);
	}

	return tell(context, installed);
};

const remove = async (context: CommandContext) => {
	requireSystemd();
	const file = fileOf(context);
	const removed = await uninstallUnit({file, isForced: context.flags.boolean('force') === true, manager: await reachManager(context)});
	const text = removed.wasThere ? `Removed ${file}. The catalogue stays.\n` : 'No service is installed.\n';
	await print(context, {ok: removed.failure === undefined, file, ...removed}, text);
	return tell(context, removed);
};

// Prints what a person must do by hand. That is a message, not data.
const tell = ({io}: CommandContext, {failure, byHand}: Pick<Installed & Removed, 'failure' | 'byHand'>): number => {
	if (failure !== undefined) {
		io.say(failure);
	}

	if (byHand.length > 0) {
		io.say(failure === undefined ? 'The systemd of this user cannot be reached from here. Run this where it can:' : 'When that is fixed, run:');
		for (const line of byHand) {
			io.say(`  ${line}`);
		}
	}

	return failure === undefined ? 0 : 1;
};

const installedLines = (file: string, {isChanged, isEnabled, isStarted}: Installed) => [
	isChanged ? `Wrote ${file}.` : `${file} is up to date.`,
	...(isEnabled ? [`It starts when you log in${isStarted ? ', and runs now' : '; "systemctl --user start reelcat" starts it now'}.`] : []),
	'To let it start with the machine and outlive your session: loginctl enable-linger',
	'Its state: systemctl --user status reelcat; its log: journalctl --user --unit reelcat',
];

const requireSystemd = () => {
	if (platform() !== 'linux') {
		throw new AppError('usage', 'Services are for Linux with systemd.', {hint: 'On other systems, start "reelcat --watch" with the service manager there; docs/docker.md describes how to run it in a container.'});
	}
};

const fileOf = ({io}: CommandContext) => unitPath(io.env, io.env['HOME'] ?? findHome());

const reachManager = async ({io}: CommandContext): Promise<UserManager | undefined> => {
	const manager = createUserManager(io.env);
	return await manager.isThere() ? manager : undefined;
};

const makeUnit = async ({flags, session, io}: CommandContext, {watchOptions, own, manager}: {watchOptions: readonly string[]; own: () => OwnPaths; manager: UserManager | undefined}): Promise<ServiceUnit> => {
	const {node, cli} = own();
	requireLasting(node);
	requireLasting(cli);
	// What is wrong fails now rather than when the service starts.
	readWatchSettings(undefined, watchFlagsOf(parseCommandLine([appCommand], ['--watch', ...watchOptions]).flags));
	const credentialFile = flags.string('credential');
	if (credentialFile !== undefined) {
		await readTokenFile(credentialFile);
	}

	return serviceUnit({
		env: io.env,
		workFolder: path.resolve(),
		nodePath: node,
		cliPath: cli,
		folders: session.ownFolders(),
		exportFolders: exportFolders(session),
		isDemo: session.isDemo(),
		given: {
			url: flags.string('url'), server: flags.string('server'), store: flags.string('store'), tokenFile: flags.string('tokenFile'), concurrency: flags.number('concurrency'),
		},
		watchOptions,
		credentialFile,
		sandbox: await manager?.sandbox() ?? 'lenient',
	});
};

// Settings that are not there yet stay away: "show" writes nothing.
const exportFolders = (session: CommandContext['session']) => (existsSync(session.ownFolders().config) ? session.settings().exportProfiles() : [])
	.flatMap(({every, output}) => every === undefined || output === undefined ? [] : [folderOf(output)]);

// A file that is replaced needs the right to write beside it, and so does a folder that is not there yet.
const folderOf = (output: string) => existsSync(`${output}${path.sep}`) ? output : path.dirname(output);
