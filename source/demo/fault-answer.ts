import {htmlAnswer, type Answer} from './answer.js';
import type {Fault, Strikes} from './faults.js';

/**
The answer that a fault puts in place of the real one.
*/
export const insteadOf = (strikes: Strikes): Answer | undefined => {
	const status = strikes('status');
	if (status !== undefined) {
		return statusAnswer(status);
	}

	const redirect = strikes('redirect');
	if (redirect !== undefined) {
		return {
			status: 302, contentType: 'text/html', headers: {Location: redirect.location}, body: '',
		};
	}

	return strikes('html200') === undefined
		? undefined
		: {status: 200, contentType: 'text/html', body: '<!doctype html><html><head><title>Router</title></head><body><p>Welcome to your router.</p></body></html>'};
};

const statusAnswer = ({status, retryAfterSeconds, body = 'html'}: Extract<Fault, {kind: 'status'}>): Answer => {
	const headers: Record<string, string> = retryAfterSeconds === undefined ? {} : {'Retry-After': String(retryAfterSeconds)};
	if (typeof body === 'object') {
		return {
			status, contentType: 'text/plain;charset=utf-8', headers, body: body.text,
		};
	}

	const [title, reason] = status === 503
		? ['Maintenance', 'Plex Media Server is currently running startup maintenance tasks.']
		: ['Error', 'The demo server was told to fail.'];
	const bodies = {
		html: htmlAnswer(status),
		json: {status, contentType: 'application/json', body: JSON.stringify({code: status, title, status: reason})},
		xml: {status, contentType: 'text/xml;charset=utf-8', body: `<Response code="${status}" title="${title}" status="${reason}"/>`},
		empty: {status, contentType: 'text/html', body: ''},
	};
	return {...bodies[body], headers};
};

/**
The answer with its text spoilt.
*/
export const spoil = (answer: Answer, strikes: Strikes): Answer => {
	if (typeof answer.body !== 'string') {
		return answer;
	}

	if (strikes('truncatedJson') !== undefined) {
		return {...answer, body: answer.body.slice(0, Math.floor(answer.body.length * 0.6))};
	}

	return strikes('malformedJson') === undefined ? answer : {...answer, body: answer.body.replace(/[,\}]/v, '"oops",,')};
};
