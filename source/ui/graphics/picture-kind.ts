import {colorDepth, isGnuScreen, type ColorDepth} from '../theme/terminal-colors.js';
import type {CellSize, TerminalAnswers} from './terminal-answers.js';

export const pictureSettings = ['auto', 'kitty', 'iterm2', 'sixel', 'blocks', 'off'] as const;

/**
What a person may set; `auto` asks the terminal.
*/
export type PictureSetting = typeof pictureSettings[number];

/**
How pictures are shown. `kitty` puts placeholders into the text and `kitty-placed` draws over it, for terminals that do not know placeholders.
*/
export type PictureKind = 'kitty' | 'kitty-placed' | 'iterm2' | 'sixel' | 'blocks' | 'none';

/**
How this terminal shows pictures; where it shows none, why, as a sentence.
*/
export type PictureMode = {kind: PictureKind; depth: ColorDepth; cell: CellSize; reason?: string};

/**
What is known of a terminal without asking it.
*/
export type Surroundings = {
	env: NodeJS.ProcessEnv;
	isColor: boolean;
	isAscii: boolean;
	isScreenReader: boolean;
	isSlowLink: boolean;
};

/**
In pixels. Most fonts have cells that are twice as high as wide.
*/
const usualCell: CellSize = {width: 10, height: 20};

export const noPictures: PictureMode = {kind: 'none', depth: '256', cell: usualCell};

const valueOf = (env: NodeJS.ProcessEnv, name: string) => env[name] ?? '';

// Such a program takes the question for a title, and draws no picture of the terminal outside.
const isMultiplexed = ({env}: Surroundings) => valueOf(env, 'TMUX') !== '' || valueOf(env, 'STY') !== '' || /^(?:screen|tmux)/v.test(valueOf(env, 'TERM'));

const canShow = ({env, isAscii, isScreenReader}: Surroundings) => !(isAscii || isScreenReader || /^(?:dumb)?$/v.test(valueOf(env, 'TERM')));

/**
Undefined where a palette of 256 is not certain either.
*/
export const colorDepthOf = ({env, isColor}: Pick<Surroundings, 'env' | 'isColor'>): ColorDepth | undefined =>
	isColor ? (isGnuScreen(env) ? '256' : colorDepth(env)) : undefined;

/**
Whether the terminal should be asked. Nothing is asked over SSH unless a person set a kind that needs answers.
*/
export const shouldAsk = (setting: PictureSetting, surroundings: Surroundings): boolean => {
	const {env, isColor, isSlowLink} = surroundings;
	const isWorthIt = setting !== 'auto' || (isColor && !isSlowLink && valueOf(env, 'TERM') !== 'linux');
	return isWorthIt && setting !== 'off' && setting !== 'blocks' && canShow(surroundings) && !isMultiplexed(surroundings);
};

// Placeholders came with kitty 0.28, and Konsole has none.
const hasPlaceholders = (version: string) => {
	const {major, minor} = /^kitty\((?<major>\d+)\.(?<minor>\d+)/v.exec(version)?.groups ?? {};
	return /^ghostty/iv.test(version) || Number(major) > 0 || Number(minor) >= 28;
};

const kindAsked = (setting: PictureSetting, env: NodeJS.ProcessEnv, {hasKitty, hasSixel, cell, version}: TerminalAnswers): PictureKind => {
	// The variables of a tmux are not seen within a container that was started in it; its answer tells.
	if (version.startsWith('tmux ')) {
		return 'blocks';
	}

	if (setting === 'kitty' || (setting === 'auto' && hasKitty)) {
		return hasPlaceholders(version) ? 'kitty' : 'kitty-placed';
	}

	// The variable may come from the terminal in which this one was started.
	const program = version === '' ? valueOf(env, 'TERM_PROGRAM') : version;
	if (setting === 'iterm2' || (setting === 'auto' && /^(?:iterm|wezterm)/iv.test(program))) {
		return 'iterm2';
	}

	// Without the size of a cell, a picture could reach into the text below.
	return cell !== undefined && (setting === 'sixel' || hasSixel) ? 'sixel' : 'blocks';
};

const cannotShow = 'This terminal cannot show pictures.';

const whyNone = (setting: PictureSetting, surroundings: Surroundings): string | undefined => {
	if (setting === 'off') {
		return 'Pictures are switched off in the settings.';
	}

	return setting === 'auto' && surroundings.isSlowLink
		? 'Over SSH no pictures are fetched unless the setting `pictures` names a kind.'
		: (canShow(surroundings) ? undefined : cannotShow);
};

/**
Without the optional package that decodes pictures.
*/
export const noDecoder: PictureMode = {...noPictures, reason: 'Pictures need the optional package sharp, which is not installed.'};

/**
`answers` is undefined where the terminal was not asked.
*/
export const pictureMode = (setting: PictureSetting, surroundings: Surroundings, answers: TerminalAnswers | undefined): PictureMode => {
	const depth = colorDepthOf(surroundings);
	const kind = answers === undefined ? 'blocks' : kindAsked(setting, surroundings.env, answers);
	const reason = whyNone(setting, surroundings) ?? (kind === 'blocks' && depth === undefined ? cannotShow : undefined);
	return reason === undefined ? {kind, depth: depth ?? '256', cell: answers?.cell ?? usualCell} : {...noPictures, reason};
};
