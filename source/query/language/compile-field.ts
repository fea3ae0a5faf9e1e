import {readChannels} from '../../base/text/format.js';
import {readIdNumber} from '../../catalog/fields/item-asked-fields.js';
import {isItemId} from '../../catalog/identity.js';
import {createLibraryNames} from '../../catalog/library-names.js';
import {fewestLetters, isOneSlip} from '../engine/one-slip.js';
import {
	amountForms,
	readAmount,
	type Amount,
	type AmountKind,
} from './amounts.js';
import type {AskedField} from './asked-fields.js';
import {canonicalLanguage, languageCodes, ownName} from './languages.js';
import type {QueryCondition, Range, TextTest} from './plan.js';
import {orSuggestion} from './query-error.js';
import {suggest} from './suggest.js';
import {faultAt, requireField, type Source} from './query-source.js';
import {regexFinder} from './regex.js';
import type {QueryComparison, FieldTerm, QueryValue} from './syntax.js';
import {choiceForm, hasWords, searchForm} from './text-tests.js';

/**
What is asked of one field.

@throws {QueryError}
*/
export const compileField = ({name, nameSpan, test: written, span}: FieldTerm, source: Source): QueryCondition => {
	const field = requireField(name, nameSpan, source);
	const test = withPresence(written, field);
	if (test.kind === 'has' || test.kind === 'missing') {
		// The server of an item is that of its library.
		const known: QueryCondition = {kind: field.kind === 'flag' ? 'flag' : 'known', field: field.kind === 'server' ? 'libraryId' : field.name};
		return test.kind === 'has' ? known : {kind: 'not', term: known};
	}

	if (isAmountKind(field.kind)) {
		return {
			kind: 'range', field: field.name, ranges: readRanges(test, {
				field, kind: field.kind, name, source,
			}),
		};
	}

	if (test.kind !== 'is') {
		throw faultAt(source, `${name} has no order, so it cannot be compared.`, {start: nameSpan.end + 1, end: span.end}, {expected: `a value, for instance ${name}:${exampleOf(field)}`});
	}

	if (field.kind === 'flag') {
		return compileFlag(field, test.values, name, source);
	}

	if (field.kind === 'id') {
		return {kind: 'range', field: field.name, ranges: test.values.map(value => readId(value, name, source))};
	}

	if (field.kind === 'library' || field.kind === 'server') {
		const idsOf = field.kind === 'library' ? librariesOf : serversOf;
		return {kind: 'text', field: 'libraryId', tests: test.values.flatMap(value => idsOf(value, source))};
	}

	return {kind: 'text', field: field.name, tests: test.values.map(value => showTest(value, field) ?? textTest(value, field, name, source))};
};

const presences: ReadonlyMap<string, 'has' | 'missing'> = new Map([['yes', 'has'], ['true', 'has'], ['no', 'missing'], ['false', 'missing']]);

/**
A date, say, is neither yes nor no, so these words ask whether there is one.
*/
const withPresence = (test: FieldTerm['test'], {kind, values}: AskedField): FieldTerm['test'] => {
	const isNeither = isAmountKind(kind) || kind === 'id' || (kind === 'choice' && values === undefined);
	if (!isNeither || test.kind !== 'is' || test.values.length > 1 || test.values[0]!.form !== 'text') {
		return test;
	}

	const presence = presences.get(test.values[0]!.text.toLowerCase());
	return presence === undefined ? test : {kind: presence};
};

const amountKinds: readonly string[] = Object.keys(amountForms);

const isAmountKind = (kind: string): kind is AmountKind => amountKinds.includes(kind);

const examples: Partial<Record<AskedField['kind'], string>> = {language: 'nl', flag: 'yes', id: '603'};

const exampleOf = ({values, kind}: AskedField) => values?.[0] ?? examples[kind] ?? 'drama';

type AmountContext = {field: AskedField; kind: AmountKind; name: string; source: Source};

const everything: Range = {
	min: -Infinity, max: Infinity, isMinOpen: false, isMaxOpen: false,
};

export const onlyNumber = (number: number): Range => ({...everything, min: number, max: number});

const readRanges = (test: Exclude<FieldTerm['test'], {kind: 'has' | 'missing'}>, context: AmountContext): readonly Range[] => {
	switch (test.kind) {
		case 'compare': {
			return [comparedTo(test.comparison, amountOf(test.value, context))];
		}

		case 'range': {
			const [from, to] = [comparedTo('>=', amountOf(test.from, context)), comparedTo('<=', amountOf(test.to, context))];
			return [{
				min: Math.max(from.min, to.min), max: Math.min(from.max, to.max), isMinOpen: false, isMaxOpen: false,
			}];
		}

		case 'is': {
			return test.values.map(value => {
				const {is, isAge} = amountOf(value, context);
				if (isAge) {
					throw faultAt(context.source, 'An age is compared with < or >.', value.span, {expected: `${context.name}:<${value.text} or ${context.name}:>${value.text}`});
				}

				return {...everything, min: is[0], max: is[1]};
			});
		}
	}
};

const opposite: Record<QueryComparison, QueryComparison> = {
	'>': '<', '>=': '<=', '<': '>', '<=': '>=',
};

const comparedTo = (comparison: QueryComparison, {low, high, isAge}: Amount): Range => {
	switch (isAge ? opposite[comparison] : comparison) {
		case '>': {
			return {...everything, min: high, isMinOpen: true};
		}

		case '>=': {
			return {...everything, min: low};
		}

		case '<': {
			return {...everything, max: low, isMaxOpen: true};
		}

		case '<=': {
			return {...everything, max: high};
		}
	}
};

const unitNames: Partial<Record<AmountKind, string>> = {bytes: 'Bytes', duration: 'Ms', bitrate: 'Kbps'};

const amountOf = (value: QueryValue, {kind, field, name, source}: AmountContext): Amount => {
	const unit = unitNames[kind];
	const isUnitNamed = unit !== undefined && name.toLowerCase().endsWith(unit.toLowerCase());
	// Lists show six channels as 5.1.
	const text = field.name === 'audioChannels' ? String(readChannels(value.text) ?? value.text) : value.text;
	const amount = value.form === 'text' ? readAmount(text, kind, {now: source.world.now, isUnitNamed, isYear: field.name === 'year'}) : undefined;
	if (amount === undefined) {
		throw faultAt(source, `"${value.text}" is not ${amountForms[kind]}; ${field.label.toLowerCase()} needs one.`, value.span, {expected: amountForms[kind]});
	}

	// The part behind the point, as in 8.1, tells of the base layer, and lists have the profile alone.
	if (field.name === 'dolbyVision' && !Number.isSafeInteger(amount.is[0])) {
		const profile = Math.floor(amount.is[0]);
		throw faultAt(source, `Queries know the profile of Dolby Vision, but not ${value.text}.`, value.span, {expected: `a whole number, for instance ${profile}`});
	}

	return amount;
};

const yesWords = new Set(['yes', 'true', '1']);
const noWords = ['no', 'false', '0'];

const compileFlag = ({name: field}: AskedField, values: readonly QueryValue[], name: string, source: Source): QueryCondition => {
	const conditions = values.map((value): QueryCondition => {
		const word = value.text.toLowerCase();
		if (value.form === 'regex' || ![...yesWords, ...noWords].includes(word)) {
			throw faultAt(source, `"${value.text}" is neither yes nor no.`, value.span, {expected: `${name}:yes or ${name}:no`});
		}

		const flag: QueryCondition = {kind: 'flag', field};
		return yesWords.has(word) ? flag : {kind: 'not', term: flag};
	});
	return conditions.length === 1 ? conditions[0]! : {kind: 'or', terms: conditions};
};

const readId = (value: QueryValue, name: string, source: Source): Range => {
	const number = value.form === 'regex' ? undefined : readIdNumber(value.text.toLowerCase());
	if (number === undefined) {
		throw faultAt(source, `"${value.text}" is not an id of ${name}.`, value.span, {expected: name === 'imdb' ? 'an id such as tt0013442' : 'a number'});
	}

	return onlyNumber(number);
};

/**
@throws {QueryError} if nothing that exists has such a name
*/
const matching = <Named>(value: QueryValue, all: readonly Named[], {namesOf, what, source}: {namesOf: (named: Named) => readonly string[]; what: string; source: Source}): readonly Named[] => {
	const test = textTest(value, undefined, what, source);
	const isNamed = (name: string) => test.kind === 'regex' ? regexFinder(test.source, test.isFolded)(name) : searchForm(name) === searchForm(value.text).trim() || (value.form !== 'exact' && hasWords(searchForm(name), searchForm(value.text).trim()));

	const found = all.filter(named => namesOf(named).some(name => isNamed(name)));
	if (found.length > 0) {
		return found;
	}

	const names = all.flatMap(named => namesOf(named).slice(0, 1));
	const suggestion = suggest(value.text, names);
	throw faultAt(source, `There is no ${what} "${value.text}"${orSuggestion(suggestion)}`, value.span, {suggestion, expected: names.slice(0, 5).join(', '), isOfCatalogue: true});
};

const showTest = ({form, text}: QueryValue, {kind}: AskedField): TextTest | undefined => kind === 'show' && form !== 'regex' && isItemId(text) ? testOfId({id: text}) : undefined;

const testOfId = ({id}: {id: string}): TextTest => ({kind: 'is', text: id});

const librariesOf = (value: QueryValue, source: Source): readonly TextTest[] => {
	const {world} = source;
	// As lists print it where libraries of several servers have one title: Films@Attic.
	const placed = value.form === 'regex' || !value.text.includes('@') ? [] : createLibraryNames(world).find(value.text);
	const found = placed.length > 0 ? placed : matching(value, world.libraries, {namesOf: ({title, id}) => [title, id], what: 'library', source});
	return found.map(library => testOfId(library));
};

const serversOf = (value: QueryValue, source: Source): readonly TextTest[] => {
	const {servers, libraries} = source.world;
	const ids = new Set(matching(value, servers, {namesOf: ({name, id}) => [name, id], what: 'server', source}).map(({id}) => id));
	return libraries.filter(({serverId}) => ids.has(serverId)).map(library => testOfId(library));
};

const textTest = (value: QueryValue, field: AskedField | undefined, name: string, source: Source): TextTest => {
	if (value.form === 'regex') {
		return regexTest(value, source);
	}

	const text = searchForm(value.text).trim();
	if (text === '') {
		throw faultAt(source, `What is wanted of ${name} is empty.`, value.span, {expected: `a value, or missing:${name}`});
	}

	if (field?.kind === 'language') {
		return languageTest(value, text, source);
	}

	return field?.kind === 'choice' ? choiceTest(value, field, name, source) : {kind: value.form === 'exact' ? 'equal' : 'words', text};
};

const regexTest = ({text, flags, span}: Extract<QueryValue, {form: 'regex'}>, source: Source): TextTest => {
	const test = {kind: 'regex', source: text, isFolded: flags === 'i'} as const;
	try {
		regexFinder(test.source, test.isFolded);
	} catch (error) {
		// The library names the part that is wrong behind a colon.
		const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /v, '') : 'it cannot be read';
		throw faultAt(source, `This regular expression cannot be used: ${why}.`, span, {expected: 'a regular expression without lookaround and back-references'});
	}

	return test;
};

const choiceTest = (value: QueryValue, {values, also}: AskedField, name: string, source: Source): TextTest => {
	const text = choiceForm(value.text);
	const known = values?.flatMap(choice => [choice, ...also(choice)]);
	if (known?.every(choice => choiceForm(choice) !== text) === true) {
		const suggestion = suggest(value.text, known);
		throw faultAt(source, `There is no ${name} "${value.text}"${orSuggestion(suggestion)}`, value.span, {suggestion, expected: values!.join(', ')});
	}

	return {kind: 'choice', text};
};

const languageTest = (value: QueryValue, text: string, source: Source): TextTest => {
	const codes = languageCodes();
	const code = codes.get(text) ?? canonicalLanguage(value.text);
	// A name that is less like one of them, as Aramaic is like Arabic, may be that of a language without a short code.
	const suggestion = code === undefined && text.length >= fewestLetters ? codes.keys().find(name => isOneSlip(name, text)) : undefined;
	const near = suggestion === undefined ? undefined : codes.get(suggestion);
	if (near !== undefined && ownName(near) !== text) {
		throw faultAt(source, `There is no language "${value.text}"${orSuggestion(suggestion)}`, value.span, {suggestion, expected: 'a language such as nl, nld or dutch'});
	}

	return {kind: 'language', code: code ?? near, name: text};
};
