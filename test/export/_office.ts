import {execFileSync, spawnSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

export const hasOffice = spawnSync('soffice', ['--version']).status === 0;

/**
What LibreOffice has read of a file, as CSV in which text has quotes. It goes by a file of its own kind, as if somebody had opened and saved it.
*/
export const officeReads = async (file: string, inputFilter?: string): Promise<string> => {
	const folder = path.dirname(file);
	const {name} = path.parse(file);
	const convert = (from: string, to: string, args: readonly string[] = []) => {
		// With a profile of its own it leaves alone one that runs already.
		execFileSync('soffice', [`-env:UserInstallation=${pathToFileURL(path.join(folder, 'office')).href}`, '--headless', ...args, '--convert-to', to, '--outdir', path.join(folder, 'read'), from], {stdio: 'ignore'});
	};

	convert(file, 'ods', inputFilter === undefined ? [] : [`--infilter=${inputFilter}`]);
	convert(path.join(folder, 'read', `${name}.ods`), 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true');
	return readFile(path.join(folder, 'read', `${name}.csv`), 'utf8');
};
