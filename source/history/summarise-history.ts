import {isDeepStrictEqual} from 'node:util';
import {changeKinds} from '../catalog/kinds.js';
import {
	isArrival,
	isRemoval,
	type FieldsEvent,
	type HistoryEvent,
	type RemovalEvent,
} from '../catalog/history.js';
import type {MediaFile} from '../catalog/types.js';

/**
Replaces the events of a month that is long past by fewer events: all changes of an item become one, and items that came and went within the month are left out. Undoing the summary gives exactly the state before the month; states within the month are lost.
*/
export const summariseHistory = (events: readonly HistoryEvent[]): HistoryEvent[] => {
	const kept: Array<HistoryEvent | undefined> = [];
	// The places in `kept` of the events that may still be merged or dropped, by item.
	const open = new Map<string, number>();
	const born = new Map<string, number>();

	const keep = (event: HistoryEvent) => {
		kept.push(event);
		return kept.length - 1;
	};

	const change = (event: FieldsEvent) => {
		// Undoing its arrival removes the whole item, so its changes need not be kept.
		if (born.has(event.itemId)) {
			return;
		}

		const place = open.get(event.itemId);
		if (place === undefined) {
			open.set(event.itemId, keep(event));
		} else {
			kept[place] = merge(kept[place] as FieldsEvent, event);
		}
	};

	const leave = (event: RemovalEvent) => {
		const place = born.get(event.itemId);
		if (place === undefined) {
			keep(event);
		} else {
			kept[place] = undefined;
		}

		born.delete(event.itemId);
		open.delete(event.itemId);
	};

	for (const event of events) {
		if ('after' in event) {
			change(event);
		} else if (isArrival(event)) {
			open.delete(event.itemId);
			born.set(event.itemId, keep(event));
		} else if (isRemoval(event)) {
			leave(event);
		} else if ('listId' in event) {
			keep(event);
		} else {
			keep(event);
			// A first import counts all items of its library again, so earlier places no longer fit.
			open.clear();
			born.clear();
		}
	}

	return kept.filter(event => event !== undefined).filter(event => !('after' in event) || Object.keys(event.after).length > 0);
};

const merge = (first: FieldsEvent, later: FieldsEvent): FieldsEvent => {
	const before: Record<string, unknown> = {...later.before, ...first.before, ...mergedFiles(first.before, later.before)};
	const after: Record<string, unknown> = {...first.after, ...later.after, ...mergedFiles(later.after, first.after)};
	for (const [name, value] of Object.entries(after)) {
		if (!isDeepStrictEqual(before[name], value)) {
			continue;
		}

		Reflect.deleteProperty(before, name);
		Reflect.deleteProperty(after, name);
	}

	const [kind] = [first.kind, later.kind].toSorted((left, right) => changeKinds.indexOf(left) - changeKinds.indexOf(right));
	return {
		...first, kind: kind!, before, after, merged: (first.merged ?? 1) + (later.merged ?? 1),
	};
};

/**
The file records of both. If both have a file, `winner` counts.
*/
const mergedFiles = (winner: FieldsEvent['before'], other: FieldsEvent['before']) => winner['files'] === undefined && other['files'] === undefined ? {} : {files: new Map([...filesOf(other), ...filesOf(winner)].map(file => [file.id, file])).values().toArray()};

const filesOf = (fields: FieldsEvent['before']) => (fields['files'] ?? []) as readonly MediaFile[];
