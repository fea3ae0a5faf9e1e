/**
A token that can travel in a header; anything else is none. JWTs are some 1,000 characters long.
*/
export const readToken = (value: unknown): string | undefined => {
	const token = typeof value === 'string' ? value.trim() : '';
	return /^[\u{21}-\u{7E}]{1,4096}$/v.test(token) ? token : undefined;
};
