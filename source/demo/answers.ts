import type {Answer} from './answer.js';
import {describeRequest} from './request.js';
import {answerTo} from './routes/routes.js';

/**
Answers made anew each time, or kept once they are made. Those that may change at any time are never kept.
*/
export const createAnswers = ({isKept}: {isKept: boolean}): typeof answerTo => {
	if (!isKept) {
		return answerTo;
	}

	const kept = new Map<string, Answer>();
	return (request, context, token) => {
		if (request.path === '/status/sessions' || request.token !== token) {
			return answerTo(request, context, token);
		}

		const key = `${request.method} ${request.wantsJson ? 'json' : 'xml'} ${describeRequest(request)}`;
		const answer = kept.get(key) ?? answerTo(request, context, token);
		kept.set(key, answer);
		return answer;
	};
};
