import {quietUntil} from '../schedule/quiet-hours.js';
import type {ChannelSettings} from './config.js';
import {noticeLevels, type Notice} from './notice.js';

/**
Whether a channel is to be told of a notice at all.
*/
export const isWanted = ({topic, level, alert}: Notice, {name, on, minLevel}: Pick<ChannelSettings, 'name' | 'on' | 'minLevel'>): boolean => {
	if (topic === 'test') {
		return true;
	}

	// A channel that is broken cannot say so.
	const isAboutItself = alert?.kind === 'channel-broken' && alert.subject === name;
	return on.includes(topic) && noticeLevels.indexOf(level) >= noticeLevels.indexOf(minLevel) && !isAboutItself;
};

/**
Until when a notice waits for the end of the quiet hours; `undefined` when it may go now.
*/
export const heldUntil = ({topic, level}: Notice, {quiet: {quietHours = [], quietErrors, timeZone}}: Pick<ChannelSettings, 'quiet'>, now: Date): Date | undefined => {
	const isUrgent = topic === 'test' || (topic === 'alerts' && level === 'error' && !quietErrors);
	return isUrgent ? undefined : quietUntil(quietHours, now, timeZone);
};
