export type TextCodes = {
	texts: string[];
	/**
	The place of a text in `texts`, where it is put if it is new.
	*/
	code: (text: string) => number;
};

/**
`made` makes of a text that comes for the first time the one that is kept.
*/
export const createTextCodes = (made?: (text: string) => string): TextCodes => {
	const texts: string[] = [];
	const codes = new Map<string, number>();
	const others = made && createTextCodes();
	return {
		texts: others?.texts ?? texts,
		code(text) {
			const known = codes.get(text);
			if (known !== undefined) {
				return known;
			}

			const code = others === undefined ? texts.length : others.code(made!(text));
			codes.set(text, code);
			if (others === undefined) {
				texts.push(text);
			}

			return code;
		},
	};
};
