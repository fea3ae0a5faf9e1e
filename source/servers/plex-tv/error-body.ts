import {
	asRecords,
	isRecord,
	readInteger,
	readString,
} from '../../plex/wire.js';

export type ErrorBody = {
	/**
	plex.tv speaks JSON or XML; a web page comes from what stands before it.
	*/
	isWebPage: boolean;
	errors: ReadonlyArray<{code: number | undefined; message: string}>;
};

const maxLength = 16_384;
const maxErrors = 20;

/**
What plex.tv says is wrong, in JSON or, from some older paths, in XML whatever was asked for ([PA] myplex.py). To be searched, never shown.
*/
export const readErrorBody = (text: string): ErrorBody => {
	const body = text.slice(0, maxLength).trimStart();
	if (body.startsWith('{')) {
		return {isWebPage: false, errors: readJsonErrors(body)};
	}

	const errors = readXmlErrors(body);
	return {isWebPage: body.startsWith('<') && errors.length === 0 && !body.startsWith('<?xml'), errors};
};

export const hasErrorCode = ({errors}: ErrorBody, code: number): boolean => errors.some(error => error.code === code);

const readJsonErrors = (body: string) => {
	let json: unknown;
	try {
		json = JSON.parse(body);
	} catch {
		return [];
	}

	return asRecords(isRecord(json) ? json['errors'] : undefined).slice(0, maxErrors).map(error => ({
		code: readInteger(error['code']),
		message: readString(error['message']) ?? '',
	}));
};

const readXmlErrors = (body: string) => body.matchAll(/<error\s(?<attributes>[^<>]*)>/gv).take(maxErrors).map(({groups}) => {
	const attributes = groups!['attributes']!;
	return {
		code: readInteger(/\bcode="(?<code>\d+)"/v.exec(attributes)?.groups?.['code']),
		message: /\bmessage="(?<message>[^"]*)"/v.exec(attributes)?.groups?.['message'] ?? '',
	};
}).toArray();
