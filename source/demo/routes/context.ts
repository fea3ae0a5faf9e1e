import type {DemoAnswer} from '../answer.js';
import type {Strikes} from '../knobs/faults.js';
import type {DemoServerKnobs, DemoSession} from '../knobs/server-knobs.js';
import type {DemoLibrary} from '../library/library.js';
import type {DemoRequest} from '../request.js';

export type RouteContext = Required<Pick<DemoServerKnobs, 'honoursSlim' | 'honoursFilters'>> & {
	requiresSize: boolean;
	library: DemoLibrary;
	machineIdentifier: string;
	name: string;
	sessions: readonly DemoSession[];
	strikes: Strikes;
};

/**
Returns undefined when the path does not belong to this route.
*/
export type DemoRoute = (request: DemoRequest, context: RouteContext) => DemoAnswer | undefined;
