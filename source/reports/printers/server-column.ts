import * as z from 'zod';
import type {LibraryNames} from '../../catalog/library-names.js';
import type {ReportColumn} from './table.js';

/**
The fields that tell the server in JSON, as `LibraryNames.serverOf` gives them.
*/
export const serverFieldsOfReport = {
	serverId: z.string().optional().meta({description: 'Id of the server in the catalogue'}),
	server: z.string().optional().meta({description: 'Name of the server'}),
};

/**
Adds a column for the server, behind that for the library or before that for the id, if there are libraries of several servers; otherwise nothing changes.
*/
export const withServerColumn = <Row>(columns: ReadonlyArray<ReportColumn<Row>>, {hasSeveralServers, serverOf, serverName}: Pick<LibraryNames, 'hasSeveralServers' | 'serverOf' | 'serverName'>, libraryIdOf: (row: Row) => string): ReadonlyArray<ReportColumn<Row>> => {
	if (!hasSeveralServers) {
		return columns;
	}

	const column: ReportColumn<Row> = {
		heading: 'Server',
		isFlexible: true,
		cell(row) {
			const {serverId} = serverOf(libraryIdOf(row));
			return serverId === undefined ? undefined : serverName(serverId) ?? serverId;
		},
	};
	const library = columns.findIndex(({heading}) => heading === 'Library');
	const id = columns.findIndex(({heading}) => heading === 'Id');
	return columns.toSpliced(library === -1 ? id : library + 1, 0, column);
};
