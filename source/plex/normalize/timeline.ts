import {defined} from '../../catalog/values.js';
import type {Chapter, Extra, Marker} from '../../catalog/types.js';
import {
	asRecord,
	asRecords,
	readBoolean,
	readCount,
	readInteger,
	readShortText,
	readString,
	type Wire,
} from '../wire.js';

export type TimedRow = Wire<'Chapter' | 'Marker' | 'Extras' | 'primaryExtraKey'>;

/**
Reads the chapters in their order, each with its fields in the order in which they are written. Their ids are no use: all chapters of an item may share one ([REC]).
*/
export const readChapters = (row: TimedRow): Chapter[] | undefined => listed(asRecords<'tag' | 'startTimeOffset' | 'endTimeOffset'>(row.Chapter).map(chapter => {
	const startMs = readCount(chapter.startTimeOffset);
	return startMs === undefined ? undefined : defined({endMs: readCount(chapter.endTimeOffset), startMs, title: readString(chapter.tag)});
}));

export const readMarkers = (row: TimedRow): Marker[] | undefined => listed(asRecords<'type' | 'startTimeOffset' | 'endTimeOffset' | 'final'>(row.Marker).map(marker => {
	const [kind, startMs] = [readShortText(marker.type), readCount(marker.startTimeOffset)];
	return kind === undefined || startMs === undefined
		? undefined
		: defined({
			endMs: readCount(marker.endTimeOffset), final: readBoolean(marker.final) === true ? true as const : undefined, kind, startMs,
		});
}));

/**
Plex's numbers for extras, for servers that do not send the word.
*/
const extraKinds = new Map([
	[1, 'trailer'],
	[2, 'deletedScene'],
	[3, 'interview'],
	[5, 'behindTheScenes'],
	[6, 'scene'],
	[10, 'featurette'],
	[11, 'short'],
]);

// The files of a person say `sceneOrSample` where the online ones say `scene`.
const extraWords = new Map([['sceneorsample', 'scene']]);

/**
`Extras` is an object with rows of its own ([REC]).
*/
export const readExtras = (row: TimedRow): Extra[] | undefined => {
	const primaryKey = /^\/library\/metadata\/(?<key>[^\/]+)/v.exec(readString(row.primaryExtraKey) ?? '')?.groups?.['key'];
	return listed(asRecords<'ratingKey' | 'subtype' | 'extraType' | 'title' | 'duration'>(asRecord(row.Extras)['Metadata']).map(extra => {
		const word = readShortText(extra.subtype);
		return defined({
			durationMs: readCount(extra.duration),
			kind: word === undefined ? extraKinds.get(readInteger(extra.extraType) ?? -1) ?? 'other' : extraWords.get(word.toLowerCase()) ?? word,
			primary: primaryKey !== undefined && readString(extra.ratingKey) === primaryKey ? true as const : undefined,
			title: readString(extra.title),
		});
	}));
};

/**
Nothing at all is absent, so that a record grows only by what is there.
*/
const listed = <Element>(elements: ReadonlyArray<Element | undefined>): Element[] | undefined => {
	const known = elements.filter(element => element !== undefined);
	return known.length === 0 ? undefined : known;
};
