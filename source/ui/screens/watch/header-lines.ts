import type {WatchStatus} from '../../../watch/types.js';
import {clean} from '../../../base/text/clean.js';
import {formatCount} from '../../../base/text/format.js';
import {
	span,
	type Line,
	type Span,
	type Tone,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import type {Glyphs} from '../../theme.js';
import type {Moments} from '../../../base/text/moments.js';
import {pushWords} from '../../../reports/job-words.js';
import {fitLine} from '../../parts/cells.js';
import type {HeaderPart} from './layout.js';
import {healthMark, slowerWords} from './words.js';

type Options = {
	glyphs: Glyphs;
	columns: number;
	moments: Moments;
	isCompact: boolean;
};

export const watchHeaderLine = (state: UiState, part: HeaderPart, options: Options): Line => fitLine(spansOf(part, state, options), options.columns);

const spansOf = (part: HeaderPart, state: UiState, options: Options): Span[] => {
	if (part === 'lost') {
		return lostSpans(state, options);
	}

	const status = state.watch.known?.status;
	if (status === undefined) {
		return part === 'health' ? [span('  Asking the daemon how it is …', 'dim')] : [];
	}

	if (typeof part === 'object') {
		return [span(`    ${part.reason}`, 'warn')];
	}

	switch (part) {
		case 'health': {
			return options.isCompact ? compactSpans(status, options) : healthSpans(state, status, options);
		}

		case 'push': {
			return pushSpans(status, options);
		}

		case 'load': {
			return [span(`${options.glyphs.warn} ${clean(slowerWords(status.load) ?? '')}`, 'warn')];
		}

		case 'plan': {
			return [span(`  ${joined(planWords(status, options.moments), options.glyphs)}`, 'dim')];
		}
	}
};

const lostSpans = ({watch: {link}}: UiState, {glyphs, moments}: Options): Span[] => {
	const since = link === undefined ? '' : ` since ${moments.clock(link.since)}`;
	const why = link?.reason === undefined ? '' : ` ${clean(link.reason)}`;
	return [span(`${glyphs.bad} Daemon lost${since}; this is of then.${why}`, 'bad')];
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
	// The rest of the version names a build.
	const named = version === undefined ? name : `${name} ${version.split('-', 1)[0]!}`;
	return isReachable ? named : `${named} not reachable since ${moments.clock(since)}`;
};

const pushSpans = ({push, revision}: WatchStatus, {glyphs, moments}: Options): Span[] => {
	const {state, since, lastEventAt, reason} = push;
	const text = `${pushWords(push)} since ${moments.clock(since)}`;
	if (state === 'connected') {
		const heard = lastEventAt === undefined ? undefined : `last one ${moments.past(lastEventAt)}`;
		return [span(`${glyphs.good} `, 'good'), span(joined([text, heard, `revision ${formatCount(revision)}`], glyphs))];
	}

	const [mark, tone]: [string, Tone] = state === 'off' ? [glyphs.none, 'dim'] : [glyphs.warn, 'warn'];
	return [span(`${mark} ${text}${reason === undefined ? '' : `: ${clean(reason)}`}`, tone)];
};

const planWords = ({
	settings, quietUntil, requests, load,
}: WatchStatus, moments: Moments): string[] => [
	...quietUntil === undefined ? [] : [`quiet until ${moments.clock(quietUntil)}: only what the server tells of is synced`],
	`every ${settings.interval}, all of it every ${settings.fullEvery}${settings.isAudited ? ', audited' : ''}`,
	...quietUntil === undefined && settings.quietHours !== undefined ? [`quiet ${settings.quietHours}`] : [],
	`${formatCount(requests)} requests sent${load === undefined ? '' : `, ${formatCount(load.limit)} at a time`}`,
];

const compactSpans = (status: WatchStatus, {glyphs, moments}: Options): Span[] => {
	const {health, reasons, push, quietUntil} = status;
	const [mark, tone] = healthMark(health, glyphs);
	const rest = health === 'ok'
		? joined([quietUntil === undefined ? undefined : `quiet until ${moments.clock(quietUntil)}`, pushWords(push)], glyphs)
		: clean(reasons.join(' '));
	return [span(`${mark} ${health}`, tone), span(`  ${rest}`)];
};
