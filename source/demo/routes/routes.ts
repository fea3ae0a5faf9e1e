import {htmlAnswer, type DemoAnswer} from '../answer.js';
import {describeRequest, type DemoRequest} from '../request.js';
import {browse, browseAll} from './browse.js';
import {collection} from './collections.js';
import type {DemoRoute, RouteContext} from './context.js';
import {history} from './history.js';
import {hubs, shownAtHome} from './hubs.js';
import {images, scaledImages} from './images.js';
import {children, details} from './metadata.js';
import {playlist, playlists} from './playlists.js';
import {filterValues, libraryRoot, sectionPage} from './section-page.js';
import {
	identity,
	idle,
	playing,
	root,
	sections,
	surroundings,
} from './server-info.js';

/**
What an import asks for comes first.
*/
const withToken: readonly DemoRoute[] = [
	browse,
	collection,
	details,
	children,
	images,
	scaledImages,
	root,
	sections,
	playing,
	idle,
	libraryRoot,
	sectionPage,
	filterValues,
	browseAll,
	playlists,
	playlist,
	history,
	shownAtHome,
	hubs,
	surroundings,
];

/**
Answers a request as a Plex server would, before faults on the wire.
*/
const answerPlex = (request: DemoRequest, context: RouteContext, token: string): DemoAnswer => {
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

/**
Answers each request anew, or reuses answers. Answers that may change at any time are never reused.
*/
export const createPlexAnswers = ({isKept}: {isKept: boolean}): typeof answerPlex => {
	if (!isKept) {
		return answerPlex;
	}

	const kept = new Map<string, DemoAnswer>();
	return (request, context, token) => {
		if (request.path === '/status/sessions' || request.token !== token) {
			return answerPlex(request, context, token);
		}

		const key = `${request.method} ${request.wantsJson ? 'json' : 'xml'} ${describeRequest(request)}`;
		const answer = kept.get(key) ?? answerPlex(request, context, token);
		kept.set(key, answer);
		return answer;
	};
};
