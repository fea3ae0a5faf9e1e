import {jsonLine} from '../base/text/json.js';
import type {ExportRecord} from './schema.js';

/**
One record, ended by a line feed.
*/
export const ndjsonLine = (record: ExportRecord): string => jsonLine(record);
