import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import {recordSchema} from '../source/catalog/schema.js';
import {exportRecordSchema} from '../source/export/record.js';
import {importJsonSchema, syncJsonSchema} from '../source/reports/results/run-result.js';
import {reportSchemas} from '../source/reports/registry.js';
import {cliDocument} from './cli-document.js';
import {fieldsDocument} from './fields-document.js';
import {keysDocument} from './keys-document.js';

/**
A document that is made from the code.
*/
export type GeneratedDocument = {
	/**
	Below `docs/`.
	*/
	path: string;
	content: () => string;
};

// The schema of the input allows unknown fields, so that a reader of today accepts the fields of tomorrow.
const jsonSchema = (schema: z.ZodType) => `${JSON.stringify(z.toJSONSchema(schema, {io: 'input'}), undefined, '\t')}\n`;

export const generatedDocuments: readonly GeneratedDocument[] = [
	{
		path: 'schema/catalog-record.schema.json',
		content: () => jsonSchema(recordSchema().meta({title: 'reelcat catalogue record', description: 'One record of catalog.json.'})),
	},
	{path: 'schema/export-record.schema.json', content: () => jsonSchema(exportRecordSchema())},
	{path: 'cli.md', content: cliDocument},
	{path: 'keys.md', content: keysDocument},
	{path: 'fields.md', content: fieldsDocument},
	{path: 'schema/sync-result.schema.json', content: () => jsonSchema(syncJsonSchema)},
	{path: 'schema/import-result.schema.json', content: () => jsonSchema(importJsonSchema)},
	...Array.from(reportSchemas, ([name, schema]) => ({path: `schema/${name}-result.schema.json`, content: () => jsonSchema(schema)})),
];

const pathOf = (document: GeneratedDocument) => path.resolve('docs', document.path);

/**
Paths below `docs/` of the documents that no longer match the code.
*/
export const staleDocuments = async (): Promise<string[]> => {
	const stale: string[] = [];
	for (const document of generatedDocuments) {
		const written = await readFile(pathOf(document), 'utf8').catch(() => undefined);
		if (written !== document.content()) {
			stale.push(document.path);
		}
	}

	return stale;
};

/**
@returns paths below `docs/` of the documents that were stale
*/
export const writeDocuments = async (): Promise<string[]> => {
	const stale = await staleDocuments();
	for (const document of generatedDocuments) {
		if (!stale.includes(document.path)) {
			continue;
		}

		await mkdir(path.dirname(pathOf(document)), {recursive: true});
		await writeFile(pathOf(document), document.content());
	}

	return stale;
};
