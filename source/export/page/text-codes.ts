export type TextCodes = {
	texts: string[];
	/**
	The place of a text in `texts`, where it is put if it is new.
	*/
	code: (text: string) => number;
};

/**
A text is kept as `made` makes it, which leaves what it has made as it is.
*/
export const createTextCodes = (made = (text: string) => text): TextCodes => {
	const texts: string[] = [];
	const codes = new Map<string, number>();
	const code = (text: string): number => {
		const known = codes.get(text);
		if (known !== undefined) {
			return known;
		}

		const kept = made(text);
		const place = kept === text ? texts.length : code(kept);
		if (place === texts.length) {
			texts.push(kept);
		}

		codes.set(text, place);
		return place;
	};

	return {texts, code};
};
