import type {WatchStatus} from '../../watch/types.js';
import {clean} from '../../text/clean.js';
import {formatCount} from '../../text/format.js';
import {span, type Line, type Span} from '../line.js';
import type {UiState} from '../state/types.js';
import type {Glyphs} from '../theme.js';
import {fitLine} from './cells.js';
import type {Moments} from './moments.js';
import type {WatchPart} from './watch-layout.js';
import {healthMark, loadWords, pushWords} from './watch-words.js';

type Options = {
	glyphs: Glyphs;
	columns: number;
	moments: Moments;
	/**
	One line must say all.
	*/
	isCompact: boolean;
};

/**
One line of the header of the watch.
*/
export const watchHeaderLine = (state: UiState, part: WatchPart, options: Options): Line => {
	const {columns, glyphs, moments} = options;
	if (part === 'lost') {
		const {since = '', reason} = state.watch.link ?? {};
		const why = reason === undefined ? '' : ` ${clean(reason)}`;
		return fitLine([span(`${glyphs.bad} No word from the daemon since ${moments.clock(since)}.${why} What is shown is of then.`, 'bad')], columns);
	}

	const status = state.watch.known?.status;
	if (status === undefined) {
		const text = part === 'health' ? '  Asking the daemon how it is …' : '';
		return fitLine([span(text, 'dim')], columns);
	}

	return typeof part === 'object' ? fitLine([span(`    ${part.reason}`, 'warn')], columns) : fitLine(spansOf(part, state, status, options), columns);
};

const spansOf = (part: Exclude<WatchPart, 'lost' | {reason: string}>, state: UiState, status: WatchStatus, options: Options): Span[] => {
	switch (part) {
		case 'health': {
			return options.isCompact ? compactSpans(status, options) : healthSpans(state, status, options);
		}

		case 'push': {
			return pushSpans(status, options);
		}

		case 'plan': {
			return [span(`  ${joined(planWords(status, options.moments), options.glyphs)}`, 'dim')];
		}
	}
};

const joined = (parts: ReadonlyArray<string | undefined>, glyphs: Glyphs) =>
	parts.filter(part => part !== undefined && part !== '').map(part => clean(part!)).join(` ${glyphs.dot} `);

const healthSpans = ({watch: {source}}: UiState, status: WatchStatus, {glyphs, moments}: Options): Span[] => {
	const [mark, tone] = healthMark(status.health, glyphs);
	return [
		span(`${mark} ${status.health}`, tone),
		span(`  ${joined([serverWords(status, moments), `${source?.who ?? 'the daemon'}, up since ${moments.clock(status.startedAt)}`], glyphs)}`),
	];
};

const serverWords = ({server}: WatchStatus, moments: Moments): string => {
	if (server === undefined) {
		return 'no server';
	}

	const {name, version, isReachable, since} = server;
	// What stands behind the number names a build.
	const named = version === undefined ? name : `${name} ${version.split('-', 1)[0]!}`;
	return isReachable ? named : `${named} not reachable since ${moments.clock(since)}`;
};

/**
Whether a change on the server is seen at once; if not, why.
*/
const pushSpans = (status: WatchStatus, {glyphs, moments}: Options): Span[] => {
	const {push, load, revision} = status;
	const [mark, tone] = healthMark(push.state === 'connected' || push.state === 'off' ? 'ok' : 'degraded', glyphs);
	const since = ` since ${moments.clock(push.since)}`;
	const why = push.state === 'connected' || push.reason === undefined ? '' : `: ${push.reason}`;
	const heard = push.state === 'connected' && push.lastEventAt !== undefined ? `heard of the server ${moments.past(push.lastEventAt)}` : undefined;
	const facts = [heard, load === undefined ? undefined : loadWords(load), `revision ${formatCount(revision)}`];
	return [
		span(`${push.state === 'off' ? glyphs.none : mark} ${clean(`${pushWords(push)}${since}${why}`)}`, push.state === 'off' ? 'dim' : tone),
		span(`  ${joined(facts, glyphs)}`, 'dim'),
	];
};

const planWords = ({settings, quietUntil, requests}: WatchStatus, moments: Moments): string[] => [
	...quietUntil === undefined ? [] : [`quiet until ${moments.clock(quietUntil)}: only news of the server are worked on`],
	`every ${settings.interval}, all of it every ${settings.fullEvery}${settings.isAudited ? ', audited' : ''}`,
	...quietUntil === undefined && settings.quietHours !== undefined ? [`quiet ${settings.quietHours}`] : [],
	`${formatCount(requests)} requests sent`,
];

const compactSpans = (status: WatchStatus, {glyphs, moments}: Options): Span[] => {
	const {health, reasons, push, quietUntil} = status;
	const [mark, tone] = healthMark(health, glyphs);
	const rest = health === 'ok'
		? joined([pushWords(push), quietUntil === undefined ? undefined : `quiet until ${moments.clock(quietUntil)}`], glyphs)
		: clean(reasons.join(' '));
	return [span(`${mark} ${health}`, tone), span(`  ${rest}`)];
};
