import type {DemoAnswer} from '../answer.js';
import type {Strikes} from '../knobs/faults.js';
import type {DemoLibrary} from '../library/library.js';
import type {DemoRequest} from '../request.js';

/**
Something that is being played.
*/
export type DemoSession = {
	ratingKey: string;
	state: 'playing' | 'paused' | 'buffering';
};

export type RouteContext = {
	library: DemoLibrary;
	machineIdentifier: string;
	name: string;
	/**
	Refuse lists without a container size, as servers do since 2025 (plex_nfo_exporter#12).
	*/
	requiresSize: boolean;
	/**
	Leave out of lists what a client asks to leave out, and list only what has moved when asked for that. Servers are free not to.
	*/
	honoursSlim: boolean;
	honoursFilters: boolean;
	sessions: readonly DemoSession[];
	strikes: Strikes;
};

/**
`undefined` when the path is not of this route.
*/
export type DemoRoute = (request: DemoRequest, context: RouteContext) => DemoAnswer | undefined;
