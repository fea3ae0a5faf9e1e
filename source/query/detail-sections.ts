import {
	byPlace,
	paneLines,
	paneSections,
	type DetailResolver,
	type FieldLine,
	type NamedField,
	type Resolver,
} from '../catalog/fields/field.js';
import {fileFieldList} from '../catalog/fields/file-fields.js';
import {itemFieldList} from '../catalog/fields/item-fields.js';
import {versionFieldList} from '../catalog/fields/version-fields.js';
import {isCopy} from '../catalog/quality.js';
import type {Version} from '../catalog/types.js';
import {detailResolver} from './related.js';
import type {ItemDetail} from './types.js';

/**
What there is to say of an item, part by part, for screens and for plain text. The values are as the server sent them: clean them before printing.
*/
export type DetailSection = {
	heading: string;
	fields: DetailField[];
};

export type DetailField = {
	label: string;
	value: string;
};

export type DetailOptions = {
	/**
	Names the items that share a file; without it their ids are shown.
	*/
	titleOf?: (id: string) => string | undefined;
	/**
	See `instant` of the resolver.
	*/
	instant?: Resolver['instant'];
	/**
	Without it every field is shown.
	*/
	isShown?: (field: Pick<NamedField<never>, 'name' | 'isPath'>) => boolean;
};

type PaneSection = typeof paneSections[number];

const fieldsOf = <Source>(fields: ReadonlyArray<NamedField<Source>>, section: PaneSection) =>
	fields.filter(({pane}) => pane?.section === section).toSorted((left, right) => byPlace(left.pane, right.pane));

const itemSections = paneSections.map(section => ({section, fields: fieldsOf(itemFieldList, section)}));
const versionFields = fieldsOf(versionFieldList, 'Version');
const fileFields = fieldsOf(fileFieldList, 'Version');

/**
Sections and fields with nothing to say are left out.
*/
export const detailSections = (detail: ItemDetail, {titleOf = () => undefined, isShown = () => true, instant}: DetailOptions = {}): DetailSection[] => {
	const {item} = detail;
	const resolver: DetailResolver = {...detailResolver(detail), titleOf, instant};
	return itemSections
		.flatMap(({section, fields}) => section === 'Version'
			? item.versions.map((version, index) => createSection(versionHeading(index, item.versions.length), versionLines(version, resolver, isShown)))
			: createSection(section, fields.filter(field => isShown(field)).flatMap(field => paneLines(field, item, resolver))))
		.filter(({fields}) => fields.length > 0);
};

const createSection = (heading: string, lines: readonly FieldLine[]): DetailSection => ({
	heading,
	fields: lines.flatMap(([label, value]) => value === undefined || value === '' ? [] : [{label, value}]),
});

const versionHeading = (index: number, count: number) => count === 1 ? 'Version' : `Version ${index + 1} of ${count}`;

/**
The lines of a version, then the lines of each of its files.
*/
const versionLines = (version: Version, resolver: DetailResolver, isShown: NonNullable<DetailOptions['isShown']>): FieldLine[] => {
	const [shownOfVersion, shownOfFile] = [versionFields.filter(field => isShown(field)), fileFields.filter(field => isShown(field))];
	const files = version.parts.map((part, position) => ({
		part, file: resolver.file(part.fileId), position, parts: version.parts.length, isCopy: isCopy(version),
	}));
	return [
		...shownOfVersion.flatMap(field => paneLines(field, version, resolver)),
		...files.flatMap(file => shownOfFile.flatMap(field => paneLines(field, file, resolver))),
	];
};
