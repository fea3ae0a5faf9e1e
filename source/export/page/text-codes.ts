export type TextCodes = {
	texts: string[];
	/**
	The place of a text in `texts`, where it is put if it is new.
	*/
	code: (text: string) => number;
};

export const createTextCodes = (): TextCodes => {
	const texts: string[] = [];
	const codes = new Map<string, number>();
	return {
		texts,
		code(text) {
			const known = codes.get(text);
			if (known !== undefined) {
				return known;
			}

			const code = texts.length;
			codes.set(text, code);
			texts.push(text);
			return code;
		},
	};
};
