import {fullTitle} from '../../catalog/item.js';
import {tombstoneId} from '../../catalog/identity.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import type {Item} from '../../catalog/types.js';
import {clean} from '../../base/text/clean.js';
import {formatCount, plural} from '../../base/text/format.js';
import {groupTitles} from '../notify/digest.js';
import type {StandingDifference} from '../notify/notice.js';
import type {ResultChange} from './standing-state.js';

// Nobody reads the titles of more.
const mostTitles = 2000;
const mostInNote = 5;

/**
What has come and left in words: the episodes of a show are one line.
*/
export const describeDifference = async ({came, left}: ResultChange, store: Pick<CatalogStore, 'getMany'>): Promise<StandingDifference> => {
	const [cameTexts, leftTexts] = [await textsOf(came, store), await textsOf(left, store)];
	return {
		came: {count: came.size, texts: cameTexts, hasMore: came.size > mostTitles},
		left: {count: left.size, texts: leftTexts, hasMore: left.size > mostTitles},
	};
};

const textsOf = async (ids: ReadonlySet<string>, store: Pick<CatalogStore, 'getMany'>): Promise<string[]> => {
	const some = [...ids].slice(0, mostTitles);
	const items = await itemsOf(some, store);
	const shows = await itemsOf([...new Set(items.values().map(({showId}) => showId).filter(id => id !== undefined))], store);
	const titles = items.values().map(item => ({type: item.type, title: clean(fullTitle(item, shows.get(item.showId ?? '')?.title))}));
	const texts = groupTitles('', [...titles]).map(({text}) => text);
	const untitled = some.length - items.size;
	return [...texts, ...untitled === 0 ? [] : [`${plural(untitled, 'item')} of which nothing is known any more`]];
};

/**
The items as they are, or as they were when they were last there.
*/
const itemsOf = async (ids: readonly string[], store: Pick<CatalogStore, 'getMany'>): Promise<ReadonlyMap<string, Item>> => {
	const records = await store.getMany([...ids, ...ids.map(id => tombstoneId(id))]);
	const items = records.flatMap(record => record.kind === 'item' ? [record] : (record.kind === 'tombstone' ? [record.item] : []));
	// An item that has come back counts as it is.
	return new Map(items.toReversed().map(item => [item.id, item]));
};

/**
A sentence for the news of the daemon.
*/
export const standingNote = (name: string, {came, left}: StandingDifference): string => {
	const part = ({count, texts, hasMore}: StandingDifference['came'], verb: string) => {
		const shown = texts.slice(0, mostInNote);
		const more = hasMore || texts.length > shown.length ? ', …' : '';
		return count === 0 ? [] : [`${formatCount(count)} ${verb} (${shown.join(', ')}${more})`];
	};

	return `@${name}: ${[...part(came, 'came'), ...part(left, 'left')].join(', ')}.`;
};
