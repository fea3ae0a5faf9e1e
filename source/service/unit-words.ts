import {AppError} from '../base/errors.js';

/**
A word of a list in a unit file (ExecStart=, Environment=, ReadWritePaths=), in quotes where it needs them. `%` begins a specifier there, a backslash an escape.

@throws AppError 'usage' for what no unit file can hold
*/
export const unitWord = (word: string): string => {
	const text = writable(word);
	return /^[\w%+,\-.\/:=@]+$/v.test(text) ? text : `"${text.replaceAll(/["\\]/gv, String.raw`\$&`)}"`;
};

/**
A setting that is one value to its end, where quotes and backslashes are themselves (LoadCredential=).

@throws AppError 'usage' also for a backslash at the end, which would join the next line to this one, and for blanks there, which are dropped
*/
export const unitValue = (value: string): string => {
	if (/[\s\\]$/v.test(value)) {
		throw unfit(value, 'its last character');
	}

	return writable(value);
};

const writable = (text: string): string => {
	if (/\p{Control}/v.test(text) || !text.isWellFormed()) {
		throw unfit(text, 'a character that is none');
	}

	return text.replaceAll('%', '%%');
};

const unfit = (text: string, reason: string) => new AppError('usage', `${JSON.stringify(text)} cannot stand in a systemd unit, because of ${reason}.`, {hint: 'Choose a path of usual characters.'});
