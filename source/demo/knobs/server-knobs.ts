import type {DemoFault} from './faults.js';
import type {LatencyModel} from './latency-model.js';
import type {DemoPush, PushMode} from './push-knobs.js';
import type {RequestLog} from './request-log.js';

/**
Something that is being played.
*/
export type DemoSession = {
	ratingKey: string;
	state: 'playing' | 'paused' | 'buffering';
};

/**
Options of the demo server that only tests and benchmarks set.
*/
export type DemoServerKnobs = {
	/**
	What requests cost a server that has one lock, in addition to `latencyMs`. Without a model they cost what they cost here.
	*/
	latencyModel?: LatencyModel;
	/**
	Build each answer only once, so that building it is measured once. Later changes of the library may not show.
	@default false
	*/
	keepsAnswers?: boolean;
	faults?: readonly DemoFault[];
	/**
	By default it follows from the seed.
	*/
	machineIdentifier?: string;
	/**
	Add unusable rows to the section "Films".
	@default false
	*/
	brokenRows?: boolean;
	/**
	Respect `excludeElements` and `excludeFields` in lists. Servers are free not to.
	@default true
	*/
	honoursSlim?: boolean;
	/**
	Respect filters on stamps in lists; otherwise list everything.
	@default true
	*/
	honoursFilters?: boolean;
	/**
	How changes are reported: over websockets and event streams, over event streams only, or not at all.
	@default 'both'
	*/
	push?: PushMode;
};

/**
What only tests and benchmarks do with a running demo server.
*/
export type DemoServerControls = {
	requests: RequestLog;
	setFaults: (faults: readonly DemoFault[]) => void;
	setLatencyModel: (model: LatencyModel | undefined) => void;
	/**
	As after an installation from scratch over the same database.
	*/
	setMachineIdentifier: (machineIdentifier: string) => void;
	/**
	Sets what `/status/sessions` tells. Nothing is played at first.
	*/
	setSessions: (sessions: readonly DemoSession[]) => void;
	/**
	Listeners do not count as `requests`, and no fault strikes them except from here.
	*/
	push: DemoPush;
};
