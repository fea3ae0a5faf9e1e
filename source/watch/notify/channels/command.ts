/* eslint-disable @typescript-eslint/naming-convention -- variables of the environment */
import path from 'node:path';
import * as z from 'zod';
import {jsonLine} from '../../../base/text/json.js';
import {parseDuration} from '../../schedule/duration.js';
import type {Channel} from '../channel.js';
import {
	channelSchema,
	defineChannel,
	oneLine,
	type ChannelParts,
} from '../channel-module.js';
import {cutBytes, noticeJson} from '../notice.js';
import {programEnv, runForChannel} from '../programs.js';

const schema = channelSchema('command', {
	argv: z.array(z.string().min(1).max(4000).refine(value => !value.includes('\0'), 'It must not hold NUL')).min(1),
	timeout: oneLine.optional().meta({description: 'Such as 30s, which is the default'}),
	env: z.record(z.string().regex(/^[A-Z_a-z]\w*$/v), oneLine).optional(),
});

type Written = z.infer<typeof schema>;

/**
Runs a program of the user, with JSON on its input and a short form in its environment. No shell is involved, so no title can be a command.
*/
export const createCommand = ({name, argv, timeout = '30s', env = {}}: Written, {clock, env: outer}: Pick<ChannelParts, 'clock' | 'env'>): Channel => {
	const timeoutMs = parseDuration(timeout, `timeout of the channel ${name} in notify.json`);
	return {
		name,
		kind: 'command',
		deadlineMs: timeoutMs + 1000,
		async send(notice, signal) {
			const json = noticeJson(notice);
			await runForChannel({
				argv,
				env: {
					...programEnv(outer),
					...env,
					REELCAT_NOTICE_ID: json.id,
					REELCAT_NOTICE_AT: json.at,
					REELCAT_NOTICE_TOPIC: json.topic,
					REELCAT_NOTICE_LEVEL: json.level,
					// The environment of a program is small. The JSON on its input has the whole text.
					REELCAT_NOTICE_TITLE: cutBytes(json.title, 8192),
					REELCAT_NOTICE_BODY: cutBytes(json.body, 8192),
					...json.alert !== undefined && {
						REELCAT_ALERT_KIND: json.alert.kind,
						REELCAT_ALERT_RECOVERED: json.alert.isRecovered ? '1' : '0',
					},
					...json.query !== undefined && {
						REELCAT_QUERY_NAME: json.query.name,
						REELCAT_QUERY_CAME: String(json.query.came),
						REELCAT_QUERY_LEFT: String(json.query.left),
					},
				},
				input: jsonLine(json),
				timeoutMs,
				label: `The program ${path.basename(argv[0]!)} of the channel ${name}`,
				signal,
				clock,
			});
		},
	};
};

export default defineChannel({
	schema,
	secrets: ['env'],
	example: {
		name: 'script', kind: 'command', argv: ['/usr/local/bin/tell-me', '--quietly'], timeout: '30s',
	},
	where: ({argv}) => path.basename(argv[0]!),
	check({timeout}, nameOf) {
		if (timeout !== undefined) {
			parseDuration(timeout, nameOf('timeout'));
		}
	},
	create: createCommand,
});
