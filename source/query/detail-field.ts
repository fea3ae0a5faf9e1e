/**
What there is to say of an item, part by part, for screens and for plain text. The values hold what the server sent: clean them where they are printed.
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
	For the items that share a file; without it their ids are shown.
	*/
	titleOf?: (id: string) => string | undefined;
};

export type Row = readonly [label: string, value: string | undefined];

/**
Rows with nothing to say are left out.
*/
export const section = (heading: string, rows: readonly Row[]): DetailSection => {
	const fields: DetailField[] = [];
	for (const [label, value] of rows) {
		if (value !== undefined && value !== '') {
			fields.push({label, value});
		}
	}

	return {heading, fields};
};
