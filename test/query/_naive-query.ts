import {readField, type Resolver} from '../../source/catalog/fields/field.js';
import {isUnavailable, itemSize} from '../../source/catalog/item.js';
import {bestVersion, resolutionRank} from '../../source/catalog/quality.js';
import type {CatalogRecord, Item} from '../../source/catalog/types.js';
import {fold, sortKeyOf} from '../../source/query/fold.js';
import {requireAskedField, type AskedField} from '../../source/query/language/asked-fields.js';
import {isLanguage} from '../../source/query/language/languages.js';
import type {QueryCondition, Plan, TextTest} from '../../source/query/language/plan.js';

/**
Answers queries item by item from the records, with no regard to time. It is what the index is compared with.
*/
export const naiveQuery = (items: readonly Item[], records: ReadonlyMap<string, CatalogRecord>) => {
	const nameOf = (id: string) => {
		const record = records.get(id);
		return record?.kind === 'person' || record?.kind === 'tag' ? record.name : undefined;
	};

	const resolver: Resolver = {
		name: nameOf,
		file(id) {
			const record = records.get(id);
			return record?.kind === 'file' ? record : undefined;
		},
	};
	const itemById = new Map(items.map(item => [item.id, item]));
	const sizeOf = (id: string) => resolver.file(id)?.sizeBytes;
	const plain = (text: string) => fold(text).replaceAll(/\s+/gv, ' ');
	const letter = /^[\p{Letter}\p{Mark}\p{Number}]$/v;
	const unspaced = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]$/v;

	const hasWholeWords = (text: string, words: string) => {
		const [letters, wanted] = [[...text], [...words]];
		const isJoined = (left: string | undefined, right: string | undefined) => left !== undefined && right !== undefined
			&& [left, right].every(character => letter.test(character) && !unspaced.test(character));
		return letters.some((_, start) => letters.slice(start, start + wanted.length).join('') === words
			&& !isJoined(letters[start - 1], wanted[0]) && !isJoined(wanted.at(-1), letters[start + wanted.length]));
	};

	const valuesOf = (item: Item, {name, field, kind, lists, of}: AskedField): unknown[] => {
		if (name === 'person') {
			return [item.directors, item.writers, item.producers, item.cast.map(({personId}) => personId)].flat();
		}

		if (lists.length > 0) {
			return [...field.asked!.list!.of(item)];
		}

		if (kind === 'show') {
			return [itemById.get(item.showId ?? '')?.title];
		}

		if (of !== undefined) {
			return [of({sizeBytes: itemSize(item, sizeOf), durationMs: item.durationMs ?? bestVersion(item.versions)?.durationMs} as never)];
		}

		const {kept} = field;
		const value = kept?.read === undefined ? readField(field, item, resolver) : kept.read(item, bestVersion(item.versions), sizeOf);
		return Array.isArray(value) ? value : [value];
	};

	const numberOf = (value: unknown, kind: string): number | undefined => {
		if (typeof value !== 'string') {
			return value as number | undefined;
		}

		return kind === 'resolution' ? resolutionRank(value) : (kind === 'day' ? Date.parse(value) / 86_400_000 : Date.parse(value) / 1000);
	};

	const doesPass = (text: string, test: TextTest, {also}: AskedField): boolean => {
		switch (test.kind) {
			case 'words': {
				return hasWholeWords(plain(text), test.text);
			}

			case 'equal': {
				return plain(text) === test.text;
			}

			case 'is': {
				return text === test.text;
			}

			case 'choice': {
				return [text, ...also(text)].some(word => [...fold(word)].filter(character => letter.test(character) || character === '+').join('') === test.text);
			}

			case 'regex': {
				return new RegExp(test.source, test.isFolded ? 'iv' : 'v').test(text);
			}

			case 'language': {
				return isLanguage(text, test);
			}
		}
	};

	const searchedOf = (item: Item): string[] => [
		item.title,
		item.originalTitle,
		item.year?.toString(),
		item.editionTitle,
		...[item.genres, item.collections, item.directors, item.writers, item.producers, item.cast.map(({personId}) => personId)].flat().map(id => nameOf(id)),
		itemById.get(item.showId ?? '')?.title,
		isUnavailable(item) ? ':trash' : undefined,
	]
		.filter(text => text !== undefined)
		.map(text => plain(text));

	const isNear = (left: string, right: string): boolean => {
		const letters = [...new Set(right)];
		const variants = Array.from({length: left.length + 1}, (_, place) => {
			const [before, after] = [left.slice(0, place), left.slice(place)];
			return [before + after.slice(1), before + after.slice(1, 2) + after.slice(0, 1) + after.slice(2), ...letters.flatMap(character => [before + character + after, before + character + after.slice(1)])];
		});
		return left === right || variants.flat().includes(right);
	};

	const vocabulary = new Set(items.flatMap(item => searchedOf(item)).flatMap(text => text.split(/[^\p{Letter}\p{Mark}\p{Number}]+/v)));
	const hasWord = (item: Item, word: string) => searchedOf(item).some(text => text.includes(word));

	const isFound = (item: Item, word: string): boolean => {
		if ([...word].length < 5 || items.some(other => hasWord(other, word))) {
			return hasWord(item, word);
		}

		const near = [...vocabulary].filter(other => other !== '' && isNear(word, other));
		return near.some(other => searchedOf(item).some(text => hasWholeWords(text, other)));
	};

	const doesHold = (condition: QueryCondition, item: Item): boolean => {
		switch (condition.kind) {
			case 'always':
			case 'never': {
				return condition.kind === 'always';
			}

			case 'and': {
				return condition.terms.every(term => doesHold(term, item));
			}

			case 'or': {
				return condition.terms.some(term => doesHold(term, item));
			}

			case 'not': {
				return !doesHold(condition.term, item);
			}

			case 'below': {
				const below = items.filter(({type, showId, seasonId}) => type === 'episode' && ((item.type === 'show' && showId === item.id) || (item.type === 'season' && seasonId === item.id)));
				return condition.quantifier === 'any' ? below.some(child => doesHold(condition.term, child)) : below.length > 0 && below.every(child => doesHold(condition.term, child));
			}

			case 'word': {
				return isFound(item, condition.word);
			}

			case 'phrase': {
				return searchedOf(item).some(text => hasWholeWords(text, condition.phrase));
			}

			case 'known': {
				return valuesOf(item, requireAskedField(condition.field)).some(value => value !== undefined && value !== '');
			}

			case 'flag': {
				return valuesOf(item, requireAskedField(condition.field))[0] === true;
			}

			case 'range': {
				const field = requireAskedField(condition.field);
				return valuesOf(item, field).map(value => numberOf(value, field.kind)).some(number => number !== undefined && condition.ranges.some(({min, max, isMinOpen, isMaxOpen}) =>
					(number > min || (number === min && !isMinOpen)) && (number < max || (number === max && !isMaxOpen))));
			}

			case 'text': {
				const field = requireAskedField(condition.field);
				if (field.kind === 'show' && condition.tests.some(test => test.kind === 'is' && test.text === item.showId)) {
					return true;
				}

				const texts = valuesOf(item, field).map(value => field.kind === 'names' ? nameOf(value as string) : value).filter(value => typeof value === 'string');
				return texts.some(text => condition.tests.some(test => doesPass(text, test, field)));
			}
		}
	};

	const sortValue = (item: Item, name: string): string | number | undefined => {
		if (name === 'title') {
			return sortKeyOf(item.title, item.titleSort);
		}

		const field = requireAskedField(name);
		const value = valuesOf(item, field)[0];
		return typeof value === 'boolean' ? Number(value) : (['text', 'choice'].includes(field.kind) ? value as string : numberOf(value, field.kind));
	};

	const compare = (left: string | number | undefined, right: string | number | undefined) => {
		if (left === undefined || right === undefined) {
			return left === right ? 0 : (left === undefined ? 1 : -1);
		}

		return left === right ? 0 : (left < right ? -1 : 1);
	};

	const rankOf = ({title}: Item, words: readonly string[]) => {
		const [folded, wanted] = [plain(title), words.join(' ')];
		return [folded === wanted, folded.startsWith(wanted), words.every(word => hasWholeWords(folded, word)), words.every(word => folded.includes(word)), true].indexOf(true);
	};

	return {
		isMatch: doesHold,
		/**
		The ids in order.
		*/
		ids({where, sort, limit, words}: Plan): string[] {
			const order = (left: Item, right: Item): number => {
				for (const {field, isDescending} of sort) {
					const [one, other] = [sortValue(left, field), sortValue(right, field)];
					const difference = compare(one, other) * (isDescending && one !== undefined && other !== undefined ? -1 : 1);
					if (difference !== 0) {
						return difference;
					}
				}

				const byRank = sort.length === 0 && words.length > 0 ? rankOf(left, words) - rankOf(right, words) : 0;
				return [byRank, compare(sortValue(left, 'title'), sortValue(right, 'title')), compare(left.year, right.year), compare(left.id, right.id)].find(difference => difference !== 0) ?? 0;
			};

			return items.filter(item => doesHold(where, item)).toSorted(order).slice(0, limit).map(({id}) => id);
		},
	};
};
