import type {ChangeKind, FieldsEvent} from '../catalog/history.js';
import type {MediaFile} from '../catalog/types.js';
import {changedFiles} from './replay.js';
import {strongestKind} from './change-kinds.js';

export type FieldChange = {
	name: string;
	before: unknown;
	after: unknown;
	kinds: ReadonlySet<ChangeKind>;
	kind: ChangeKind;
};

/**
The changes of the fields of one item, drawn together per field, and per file for the pseudo field `files`.
*/
export type FieldChanges = {
	add: (event: FieldsEvent) => void;
	/**
	Fields as they were before all of it.
	*/
	firstBefore: () => Record<string, unknown>;
	clear: () => void;
	all: () => FieldChange[];
};

type Open = {name: string; before: unknown; after: unknown; kinds: Set<ChangeKind>};

export const createFieldChanges = (): FieldChanges => {
	const open = new Map<string, Open>();
	const closed: Open[] = [];

	const addField = (name: string, kind: ChangeKind, {before, after}: {before: unknown; after: unknown}) => {
		const known = open.get(name);
		// From the marks of one viewer to those of another there is no change that anyone made.
		const isOfViewer = kind === 'viewer';
		if (known?.kinds.has('viewer') === isOfViewer) {
			known.after = after;
			known.kinds.add(kind);
			return;
		}

		if (known !== undefined) {
			closed.push(known);
		}

		open.set(name, {
			name, before, after, kinds: new Set([kind]),
		});
	};

	const addFiles = (kind: ChangeKind, before: readonly MediaFile[], after: readonly MediaFile[]) => {
		const known = open.get('files') ?? {
			name: 'files', before: [], after: [], kinds: new Set<ChangeKind>(),
		};
		const firsts = known.before as MediaFile[];
		const lasts = known.after as MediaFile[];
		const mentioned = new Set([...firsts, ...lasts].map(({id}) => id));
		const isNew = ({id}: MediaFile) => !mentioned.has(id);
		const isReplaced = ({id}: MediaFile) => before.some(file => file.id === id) || after.some(file => file.id === id);
		known.before = [...firsts, ...before.filter(file => isNew(file))];
		known.after = [...lasts.filter(file => !isReplaced(file)), ...after];
		known.kinds.add(kind);
		open.set('files', known);
	};

	return {
		add({kind, before, after}) {
			for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
				if (name === 'files') {
					addFiles(kind, changedFiles(before['files']), changedFiles(after['files']));
				} else {
					addField(name, kind, {before: before[name] ?? null, after: after[name] ?? null});
				}
			}
		},
		firstBefore() {
			const first: Record<string, unknown> = {};
			for (const {name, before} of [...open.values(), ...closed.toReversed()]) {
				if (name !== 'files') {
					first[name] = before;
				}
			}

			return first;
		},
		clear() {
			open.clear();
			closed.length = 0;
		},
		all: () => [...closed, ...open.values()].map(change => ({...change, kind: strongestKind(change.kinds)})),
	};
};
