import {htmlAnswer, type Answer} from '../answer.js';
import type {DemoRequest} from '../request.js';
import {browse} from './browse.js';
import type {Route, RouteContext} from './context.js';
import {images, scaledImages} from './images.js';
import {children, details} from './metadata.js';
import {
	identity,
	idle,
	playing,
	root,
	sections,
} from './server-info.js';

const withToken: readonly Route[] = [root, sections, browse, details, children, images, scaledImages, playing, idle];

/**
What the demo server says to a request, before faults of transport.
*/
export const answerTo = (request: DemoRequest, context: RouteContext, token: string): Answer => {
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		return htmlAnswer(405);
	}

	const open = identity(request, context);
	if (open !== undefined) {
		return open;
	}

	if (request.token !== token || context.strikes('tokenRevoked') !== undefined) {
		return htmlAnswer(401);
	}

	for (const route of withToken) {
		const answer = route(request, context);
		if (answer !== undefined) {
			return answer;
		}
	}

	return htmlAnswer(404);
};
