import * as z from 'zod';
import {AppError} from '../../../base/errors.js';
import {clean} from '../../../base/text/clean.js';
import type {Channel} from '../channel.js';
import {channelSchema, defineChannel, type NotifyTerminal} from '../channel-module.js';
import {
	cutText,
	plainBody,
	plainTitle,
	type Notice,
} from '../notice.js';

const schema = channelSchema('terminal', {
	protocol: z.enum(['auto', 'osc9', 'osc777', 'none']).optional().meta({description: 'auto goes by the terminal; none is the bell alone'}),
	bell: z.boolean().optional(),
});

type Written = z.infer<typeof schema>;

type Protocol = 'osc9' | 'osc777' | 'none';

const maxText = 240;

/**
Asks the terminal itself to show a notification (OSC 9 or OSC 777) and rings its bell. This also works over SSH.
*/
export const createTerminalChannel = ({name, protocol = 'auto', bell = true}: Written, terminal: NotifyTerminal | undefined): Channel => ({
	name,
	kind: 'terminal',
	...terminal === undefined && {unavailable: 'This process has no terminal.'},
	async send(notice) {
		if (terminal === undefined) {
			throw new AppError('usage', 'This process has no terminal.', {hint: 'Use another kind of channel for a daemon in the background.'});
		}

		const chosen = protocol === 'auto' ? protocolOf(terminal.env) : protocol;
		terminal.write(`${passedThrough(sequence(chosen, notice), terminal.env)}${bell ? '\u{7}' : ''}`);
	},
});

const sequence = (protocol: Protocol, notice: Pick<Notice, 'title' | 'body'>): string => {
	const title = cutText(plainTitle(notice), maxText);
	// Cleaned to one line, so that no character in it can end the sequence.
	const body = cutText(clean(plainBody(notice)), maxText);
	switch (protocol) {
		case 'osc9': {
			// Without the name in front, a title such as "4;1" would draw a progress bar.
			return `\u{1B}]9;reelcat: ${title}. ${body}\u{7}`;
		}

		case 'osc777': {
			// The text may hold semicolons, the title may not.
			return `\u{1B}]777;notify;reelcat: ${title.replaceAll(';', ',')};${body}\u{1B}\\`;
		}

		case 'none': {
			return '';
		}
	}
};

/**
Terminals ignore sequences that they do not know, but dumb ones and the console of Linux would print them.
*/
const protocolOf = (env: NodeJS.ProcessEnv): Protocol => {
	const {TERM: term = '', TERM_PROGRAM: program = ''} = env;
	if (['', 'dumb', 'linux'].includes(term)) {
		return 'none';
	}

	return /^(?:foot|rxvt|ghostty|xterm-ghostty|contour)/v.test(term) || ['WezTerm', 'ghostty'].includes(program) ? 'osc777' : 'osc9';
};

/**
Wraps a sequence for tmux, which passes it on if "allow-passthrough" is on. Every escape inside must be doubled.
*/
const passedThrough = (text: string, {TMUX: tmux = ''}: NodeJS.ProcessEnv) => text === '' || tmux === ''
	? text
	: `\u{1B}Ptmux;${text.replaceAll('\u{1B}', '\u{1B}\u{1B}')}\u{1B}\\`;

export default defineChannel({
	schema,
	secrets: [],
	example: {name: 'terminal', kind: 'terminal', minLevel: 'warn'},
	create: (written, {terminal}) => createTerminalChannel(written, terminal),
});
