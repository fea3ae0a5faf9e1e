import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {AppError, errorCode} from '../../base/errors.js';
import type {ChannelModule} from './channel-module.js';

type Place = {file: string; env: NodeJS.ProcessEnv; modules: ReadonlyMap<string, Pick<ChannelModule, 'secrets'>>};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
Replaces references to secrets with the secrets: `"tokenFile": "/path"` and `"token": {"env": "NAME"}` become `"token": "…"`. Anything else stays as it is, because the schema rejects it later with a better message.

@throws AppError 'usage' for a file or variable that holds no secret
*/
export const fillSecrets = async (json: unknown, place: Place): Promise<unknown> => {
	const channels = isRecord(json) ? json['channels'] : undefined;
	if (!isRecord(json) || !Array.isArray(channels)) {
		return json;
	}

	return {
		...json,
		channels: await Promise.all(channels.map(async (channel: unknown, index) => isRecord(channel) ? fillChannel(channel, `channels[${index}]`, place) : channel)),
	};
};

const fillChannel = async (channel: Record<string, unknown>, at: string, place: Place): Promise<Record<string, unknown>> => {
	const {kind} = channel;
	const names = typeof kind === 'string' ? place.modules.get(kind)?.secrets ?? [] : [];
	const filled = {...channel};
	for (const name of names) {
		const fileField = `${name}File`;
		const named = channel[fileField];
		if (typeof named === 'string') {
			if (channel[name] !== undefined) {
				throw new AppError('usage', `${at} in ${place.file} has both ${name} and ${fileField}.`, {hint: 'Leave one of them out.'});
			}

			filled[name] = await secretFromFile(named, `${at}.${fileField}`, place);
			Reflect.deleteProperty(filled, fileField);
		} else if (channel[name] !== undefined) {
			filled[name] = fromEnvironment(channel[name], `${at}.${name}`, place);
		}
	}

	return filled;
};

/**
Does not check who else may read the file, because Docker and systemd set the permissions of such files.
*/
const secretFromFile = async (named: string, field: string, {file}: Place): Promise<string> => {
	const target = path.resolve(path.dirname(file), named);
	let text: string;
	try {
		text = await readFile(target, 'utf8');
	} catch (error) {
		throw new AppError('usage', `${field} in ${file} names ${target}, which cannot be read (${errorCode(error) ?? 'unknown reason'}).`, {
			hint: 'Name a file that holds the secret and nothing else.',
			cause: error,
		});
	}

	const secret = text.trim();
	if (secret === '') {
		throw new AppError('usage', `${field} in ${file} names ${target}, which is empty.`, {hint: 'It must hold the secret on one line and nothing else.'});
	}

	return secret;
};

const fromEnvironment = (value: unknown, field: string, place: Place): unknown => {
	if (Array.isArray(value)) {
		return value.map((part, index) => fromEnvironment(part, `${field}[${index}]`, place));
	}

	if (!isRecord(value)) {
		return value;
	}

	const {env: name} = value;
	if (typeof name !== 'string' || Object.keys(value).length > 1) {
		return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fromEnvironment(part, `${field}.${key}`, place)]));
	}

	const secret = place.env[name]?.trim() ?? '';
	if (secret === '') {
		throw new AppError('usage', `${field} in ${place.file} is to come from the environment variable ${name}, which is not set.`, {
			hint: `Set ${name} where reelcat is started, or write the secret into a file and name it with "…File".`,
		});
	}

	return secret;
};
