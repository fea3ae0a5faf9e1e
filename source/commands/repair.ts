import {createLibraryNames} from '../catalog/library-names.js';
import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import {repairCatalog, type Repaired} from '../store/repair/repair-catalog.js';
import {print, type CommandContext} from './command.js';
import {exitCodeOfImport, exitCodes} from './exit-codes.js';
import {importHeadless} from './import.js';

export const runRepairCommand = async (context: CommandContext): Promise<number> => {
	const {session, flags} = context;
	const database = session.storeAddress();
	if (database !== undefined) {
		throw new AppError('usage', `The catalogue lies in the database ${clean(database.text)}, which keeps its own files in order.`, {
			hint: '"reelcat verify" names what is wrong in it, "reelcat sync --full" reads all details from the server again, and "reelcat restore" goes back to the newest backup.',
		});
	}

	const isDry = flags.boolean('yes') !== true;
	const repaired = await repairCatalog({folder: session.folders().data, isDry});
	const isDone = !isDry && repaired.left.length === 0;
	await print(context, {
		ok: isDone || repaired.findings.length === 0, isDry, ...repaired,
	}, linesOf(repaired, isDry).map(line => `${line}\n`).join(''));
	const code = isDone || repaired.findings.length === 0 ? exitCodes.ok.code : exitCodes.failed.code;
	const isReadAnew = !isDry && flags.boolean('fromServer') === true;
	return isReadAnew ? readAnew(context, code) : code;
};

const linesOf = ({findings, aside, left}: Repaired, isDry: boolean): string[] => {
	if (findings.length === 0) {
		return ['All in order; there is nothing to repair.'];
	}

	return [
		...findings.map(finding => clean(finding)),
		...(isDry
			? [`${plural(findings.length, 'finding')}. Nothing was changed; --yes repairs it.`]
			: [
				...aside.map(file => `Kept: ${clean(file)}`),
				...left.map(problem => `Still wrong: ${clean(problem)}`),
				left.length === 0 ? 'Repaired. What was lost is only on the server: the next sync of each library reads it anew, and so does "reelcat repair --yes --from-server".' : 'Not everything could be repaired; "reelcat restore" goes back to the newest backup.',
			]),
	];
};

const readAnew = async (context: CommandContext, code: number): Promise<number> => {
	const store = await context.session.openStore({access: 'read'});
	const header = store.header();
	await store.close();
	const {printed} = createLibraryNames(header);
	const codes = [code];
	for (const {id: serverId} of header.servers) {
		const names = header.libraries.filter(library => library.serverId === serverId && library.sync?.goneSince === undefined).map(({id, title}) => printed(id) ?? title);
		if (names.length > 0) {
			codes.push(exitCodeOfImport(await importHeadless(context, names)));
		}
	}

	return codes.find(one => one !== exitCodes.ok.code) ?? exitCodes.ok.code;
};
