import {demoNow} from './section.js';
import type {PlexRow} from './row.js';

export type DetailSwitches = {includeChapters: boolean; includeMarkers: boolean};

/**
Adds what a detail call only carries when asked. Chapters, and markers too, share one id within an item ([REC]).
*/
export const detailRow = (row: PlexRow, {includeChapters, includeMarkers}: DetailSwitches): PlexRow => {
	const {duration, Media} = row;
	if (duration === undefined || Media?.[0]?.Part === undefined) {
		return row;
	}

	const id = Number(row.ratingKey) + (demoNow % 1000);
	const chapters = Math.min(12, Math.max(1, Math.floor(duration / 600_000)));
	return {
		...row,
		...(includeChapters && {
			Chapter: Array.from({length: chapters}, (_, index) => ({
				id: 4,
				filter: 'thumb=4',
				index: index + 1,
				startTimeOffset: index * 600_000,
				endTimeOffset: index === chapters - 1 ? duration : (index + 1) * 600_000,
				thumb: `/library/media/${Media[0]!.id}/chapterImages/${index + 1}`,
			})),
		}),
		...(includeMarkers && row.type === 'episode' && {
			Marker: [
				{
					id, type: 'intro', startTimeOffset: 30_000, endTimeOffset: 75_000, Attributes: {id, version: 5},
				},
				{
					final: true, id, type: 'credits', startTimeOffset: duration - 90_000, endTimeOffset: duration, Attributes: {id, version: 4},
				},
			],
		}),
	};
};
