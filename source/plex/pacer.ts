import type {ErrorCode} from '../base/errors.js';
import {
	createGovernor,
	type LoadFacts,
	type Observation,
	type Pace,
} from './governor.js';

type Finished = Pick<Observation, 'kind' | 'rows' | 'status'> & {code: ErrorCode | undefined};

/**
Runs the governor with a clock: tracks the running requests and reports changes of the pace.
*/
export const createPacer = ({concurrency, onPace, now = () => performance.now()}: {
	concurrency: number | undefined;
	onPace: (pace: Pace) => void;
	now?: (() => number) | undefined;
}) => {
	const governor = createGovernor(concurrency);
	const underWay = new Set<{most: number}>();
	let told = governor.pace();
	let endedAtMs = -Infinity;

	const tell = () => {
		const pace = governor.pace();
		if (pace.limit === told.limit && pace.reason === told.reason) {
			return;
		}

		told = pace;
		onPace(pace);
	};

	return {
		/**
		@returns Call it when the last byte has arrived; it returns the function to call with the outcome.
		*/
		begin() {
			const own = {most: 1};
			const startedAtMs = now();
			underWay.add(own);
			for (const one of underWay) {
				one.most = Math.max(one.most, underWay.size);
			}

			return () => {
				underWay.delete(own);
				endedAtMs = now();
				const atMs = endedAtMs;
				return ({kind, rows, status, code}: Finished) => {
					governor.observe({
						kind,
						rows,
						latencyMs: atMs - startedAtMs,
						atMs,
						status,
						didTimeout: code === 'timeout',
						isAlone: own.most === 1,
					});
					tell();
				};
			};
		},
		restMs: () => Math.max(0, endedAtMs + governor.pace().pauseMs - now()),
		learn(facts: LoadFacts) {
			governor.learn(facts);
			tell();
		},
	};
};
