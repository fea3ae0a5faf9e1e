/* eslint-disable @typescript-eslint/naming-convention -- variables of the environment */
import path from 'node:path';
import {jsonLine} from '../../../base/text/json.js';
import {parseDuration} from '../../schedule/duration.js';
import type {Channel} from '../channel.js';
import type {ChannelParts, Written} from '../channel-parts.js';
import {noticeJson} from '../notice-json.js';
import {cutBytes} from '../notice-text.js';
import {programEnv} from '../program-env.js';
import {runProgram} from '../run-program.js';

/**
The environment of a program has little room; all of it is in the JSON.
*/
const maxVariableBytes = 8192;

/**
A program of one's own: JSON on its input, the short of it in its environment. No shell is involved, so no title can be a command.
*/
export const createCommand = ({name, argv, timeout = '30s', env = {}}: Written<'command'>, {clock, env: outer}: Pick<ChannelParts, 'clock'> & {env: NodeJS.ProcessEnv}): Channel => {
	const timeoutMs = parseDuration(timeout, `timeout of the channel ${name} in notify.json`);
	return {
		name,
		kind: 'command',
		deadlineMs: timeoutMs + 1000,
		async send(notice, signal) {
			const json = noticeJson(notice);
			await runProgram({
				argv,
				env: {
					...programEnv(outer),
					...env,
					REELCAT_NOTICE_ID: json.id,
					REELCAT_NOTICE_AT: json.at,
					REELCAT_NOTICE_TOPIC: json.topic,
					REELCAT_NOTICE_LEVEL: json.level,
					REELCAT_NOTICE_TITLE: cutBytes(json.title, maxVariableBytes),
					REELCAT_NOTICE_BODY: cutBytes(json.body, maxVariableBytes),
					...json.alert !== undefined && {
						REELCAT_ALERT_KIND: json.alert.kind,
						REELCAT_ALERT_RECOVERED: json.alert.isRecovered ? '1' : '0',
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
