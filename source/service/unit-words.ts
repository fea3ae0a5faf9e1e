import {AppError} from '../errors.js';

/**
A word of a list in a unit file (ExecStart=, Environment=, ReadWritePaths=), in quotes where it needs them. `%` begins a specifier there, a backslash an escape.

@throws AppError 'usage' for what no unit file can hold
*/
export const unitWord = (word: string): string => {
	const text = unitValue(word);
	return /^[\w%+,\-.\/:=@]+$/v.test(text) ? text : `"${text.replaceAll(/["\\]/gv, String.raw`\$&`)}"`;
};

/**
A setting that is one value to its end, where quotes and backslashes are themselves (LoadCredential=).

@throws AppError 'usage'
*/
export const unitValue = (value: string): string => {
	if (/\p{Control}/v.test(value) || !value.isWellFormed()) {
		throw new AppError('usage', `${JSON.stringify(value)} cannot stand in a systemd unit, because of a character that is none.`, {hint: 'Use a path without line breaks and control characters.'});
	}

	return value.replaceAll('%', '%%');
};
