/**
Replaces secrets in a text, for reports of unexpected errors. It finds them as they are, encoded in a URL and encoded in JSON.
*/
export const redact = (text: string, secrets: Iterable<string>): string => {
	const forms = [...secrets].flatMap(secret => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
	let shown = text;
	// The longest comes first. Otherwise a secret that contains another one would be replaced only in part.
	for (const form of forms.toSorted((left, right) => right.length - left.length)) {
		shown = shown.replaceAll(form, '[token]');
	}

	return shown;
};
