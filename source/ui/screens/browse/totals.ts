import {createSlices, shortSliceMs} from '../../../query/slices.js';
import {sumPlayed, type Totals} from '../../../query/totals.js';
import {message} from '../../messages.js';
import {perApp, type EffectContext} from '../../screen-module.js';

const catalogSummed = message((state, totals: Totals) => ({...state, totals}));

type Summing = {revision: number; endedAtMs: number; isBusy: boolean; timer: NodeJS.Timeout | undefined; abort: AbortController};

const summings = perApp((): Summing => ({
	revision: -1, endedAtMs: -Infinity, isBusy: false, timer: undefined, abort: new AbortController(),
}));

const sum = async (context: EffectContext) => {
	const {services: {index}, get, dispatch, now} = context;
	const summing = summings(context);
	summing.timer = undefined;
	summing.isBusy = true;
	summing.revision = get().revision;
	try {
		const totals = await sumPlayed(index.views(), index, createSlices(summing.abort.signal, shortSliceMs));
		summing.isBusy = false;
		summing.endedAtMs = now();
		dispatch(catalogSummed(totals));
	} catch (error) {
		if (!summing.abort.signal.aborted) {
			throw error;
		}
	}
};

/**
Sums up the catalogue for the header, again when it has changed, but not all the time while an import runs.
*/
export const followTotals = (context: EffectContext): void => {
	const {get, guard, now, relistMs} = context;
	const {load, revision} = get();
	const summing = summings(context);
	if (load.status !== 'ready' || summing.isBusy || summing.revision === revision) {
		return;
	}

	summing.timer ??= setTimeout(() => {
		void guard(async () => sum(context));
	}, Math.max(0, summing.endedAtMs + (5 * relistMs) - now()));
};

export const stopTotals = (context: EffectContext): void => {
	const {abort, timer} = summings(context);
	abort.abort();
	clearTimeout(timer);
};
