import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {momentForms, readMoment} from '../base/text/moment.js';

/**
@throws AppError 'usage' for what is no moment, or one to come
*/
export const requireMoment = (flag: string, text: string, now: Date): string => {
	const moment = readMoment(text, now);
	if (moment === undefined) {
		throw new AppError('usage', `--${flag} does not understand "${clean(text)}".`, {hint: `It takes: ${momentForms}.`});
	}

	if (Date.parse(moment) > now.getTime()) {
		throw new AppError('usage', `--${flag} names a moment that is still to come.`, {hint: `It takes: ${momentForms}.`});
	}

	return moment;
};
