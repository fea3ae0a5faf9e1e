/**
Replaces secrets in a text, as they are, as part of a URL and as part of JSON.
*/
export const redact = (text: string, secrets: Iterable<string>): string => {
	const forms = [...secrets].flatMap(secret => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
	let shown = text;
	// The longest come first: a secret may contain another one, and its rest would stay.
	for (const form of forms.toSorted((left, right) => right.length - left.length)) {
		shown = shown.replaceAll(form, '[token]');
	}

	return shown;
};

/**
Replaces the values of parameters of a URL that hold a token.
*/
export const withoutUrlTokens = (text: string): string => text.replaceAll(/(?<name>(?:x-plex-token|(?:access|auth)_?token)(?:=|%3d))[\w%+\-.~]+/giv, '$<name>[token]');
