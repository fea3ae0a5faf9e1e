import type {AlertFacts} from './alerts/alert-facts.js';
import type {AlertLimits} from './alerts/alert-limits.js';
import {noAlerts, openAlerts, type AlertState} from './alerts/alert-state.js';
import {judgeAlerts} from './alerts/alerts.js';
import type {Alert} from './types.js';

export type AlarmOptions = {
	/**
	As the last process left it.
	*/
	state?: AlertState | undefined;
	/**
	Told once when something becomes wrong, and once when it is over.
	*/
	onAlert: (alert: Alert, isRecovered: boolean) => void;
	/**
	What is open has changed.
	*/
	onState: (state: AlertState) => void;
};

export type Alarm = {
	judge: (facts: AlertFacts, now: Date, limits: AlertLimits) => void;
	/**
	What is wrong now.
	*/
	alerts: () => Alert[];
};

/**
Remembers what is wrong, and tells of changes only.
*/
export const createAlarm = ({state: before = noAlerts, onAlert, onState}: AlarmOptions): Alarm => {
	let state = before;
	return {
		judge(facts, now, limits) {
			const judged = judgeAlerts(state, facts, now, limits);
			({state} = judged);
			for (const alert of judged.raised) {
				onAlert(alert, false);
			}

			for (const alert of judged.recovered) {
				onAlert(alert, true);
			}

			if (judged.raised.length + judged.recovered.length > 0) {
				onState(state);
			}
		},
		alerts: () => openAlerts(state),
	};
};
