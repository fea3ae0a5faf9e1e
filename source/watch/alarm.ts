import type {Clock} from '../base/clock.js';
import type {AlertFacts} from './alerts/alert-facts.js';
import type {AlertLimits} from './alerts/alert-limits.js';
import {noAlerts, openAlerts} from './alerts/alert-state.js';
import {judgeAlerts, type Judged} from './alerts/alerts.js';
import type {Alert} from './types.js';

/**
Remembers what is wrong, and tells of changes only.
*/
export type Alarm = {
	judge: (facts: AlertFacts) => Promise<Pick<Judged, 'raised' | 'recovered'>>;
	/**
	What is wrong now.
	*/
	alerts: () => Alert[];
};

/**
For as long as the process runs.
*/
export const createAlarm = (clock: Clock, limits: AlertLimits): Alarm => {
	let state = noAlerts;
	return {
		async judge(facts) {
			const judged = judgeAlerts(state, facts, clock.now(), limits);
			({state} = judged);
			return judged;
		},
		alerts: () => openAlerts(state),
	};
};
