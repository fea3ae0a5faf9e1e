import test from 'ava';
import {fileFieldList} from '../../source/catalog/fields/file-fields.js';
import {itemFieldList} from '../../source/catalog/fields/item-fields.js';
import {versionFieldList} from '../../source/catalog/fields/version-fields.js';
import {personFieldNames, tagFieldNames} from '../../source/catalog/item.js';
import {fieldSources} from '../../source/plex/normalize/field-sources.js';
import * as schema from '../../source/catalog/schema.js';
import {listedNames, searchedNames, sortChoices} from '../../source/query/list-fields.js';
import {keptFields} from '../../source/query/summary.js';

test('every property of an item and of a version is in the field table', t => {
	const missing = (properties: Record<string, unknown>, rows: ReadonlyArray<{name: string; from?: string}>) =>
		Object.keys(properties).filter(property => rows.every(({name, from}) => !(name === property || from === property)));
	// The fingerprints say nothing to a person, and the kind is the same for all.
	t.deepEqual(missing(schema.itemSchema().shape, itemFieldList), ['kind', 'fingerprints']);
	t.deepEqual(missing(schema.viewStateSchema().shape, itemFieldList), []);
	t.deepEqual(missing(schema.versionSchema().shape, versionFieldList), ['parts']);
});

test('every field says where it comes from, and nothing else does', t => {
	const {item, version, file} = fieldSources;
	const names = (fields: ReadonlyArray<{name: string}>) => fields.map(({name}) => name).toSorted();
	t.deepEqual(item.keys().toArray().toSorted(), names(itemFieldList));
	t.deepEqual(version.keys().toArray().toSorted(), names(versionFieldList));
	t.deepEqual(file.keys().toArray().toSorted(), names(fileFieldList));
});

test('what lists read of an item is kept in memory', t => {
	const kept = new Set<string>(keptFields.map(({name}) => name));
	t.deepEqual([...listedNames, ...searchedNames].filter(name => !kept.has(name)), []);
	const isPlain = ({column, table}: typeof itemFieldList[number]) => (column !== undefined && column.text === undefined) || (table !== undefined && table.text === undefined);
	t.deepEqual(itemFieldList.filter(field => isPlain(field) && field.kept === undefined).map(({name}) => name), []);
});

test('the names of sort fields are unique, and each can be chosen for some type', t => {
	const names = sortChoices.map(({field}) => field);
	t.deepEqual(names, ['title', 'number', 'year', 'added', 'duration', 'size', 'resolution', 'rating']);
	t.true(sortChoices.every(({levels}) => levels.length > 0));
});

test('whoever checks or reads what an item refers to knows all of its fields of tags and people', t => {
	const namesOf = (wanted: string) => itemFieldList.filter(({type}) => type === wanted).map(({name}) => name).toSorted();
	t.deepEqual(namesOf('tags'), [...tagFieldNames].toSorted());
	t.deepEqual(namesOf('people'), [...personFieldNames].toSorted());
});
