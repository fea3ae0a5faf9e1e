import type {DoctorFinding} from '../app/doctor.js';
import {clean} from '../base/text/clean.js';
import {jsonLine} from '../base/text/json.js';
import type {Paint, TextTone} from '../base/text/style.js';
import {exitCodes} from './exit-codes.js';
import type {CommandContext} from './command.js';

const marks: Readonly<Record<DoctorFinding['status'], string>> = {
	ok: 'ok', warn: 'WARN', fail: 'FAIL', skipped: '-',
};

export const runDoctorCommand = async ({session, io, flags, signal, version}: CommandContext): Promise<number> => {
	const isJson = flags.boolean('json') === true;
	const findings: DoctorFinding[] = [];
	const {isChainSound} = await import('../app/doctor.js');
	const isWell = await isChainSound({
		session,
		env: io.env,
		version,
		terminal: io,
		signal,
		report(finding) {
			findings.push(finding);
			if (!isJson) {
				void io.out(lines(finding, io.paint));
			}
		},
	});
	await io.out(isJson ? jsonLine({schema: 1, ok: isWell, findings}) : `${isWell ? io.paint('good', 'All is well.') : io.paint('bad', 'Something is wrong; see FAIL above.')}\n`);
	return isWell ? exitCodes.ok.code : exitCodes.failed.code;
};

const tones: Readonly<Record<DoctorFinding['status'], TextTone>> = {
	ok: 'good', warn: 'warn', fail: 'bad', skipped: 'dim',
};

const lines = ({check, status, text, hint}: DoctorFinding, paint: Paint) => [
	`${paint(tones[status], marks[status].padEnd(5))} ${check.padEnd(14)} ${clean(text)}\n`,
	...hint === undefined || status === 'ok' ? [] : [`${' '.repeat(21)}${clean(hint)}\n`],
].join('');
