/**
Text without secrets, for reports of what nobody expected. They are found as they are, as part of a URL and as part of JSON.
*/
export const redact = (text: string, secrets: Iterable<string>): string => {
	const forms = [...secrets].flatMap(secret => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
	let shown = text;
	// The longest first, or the rest of one that has another in it would stay.
	for (const form of forms.toSorted((left, right) => right.length - left.length)) {
		shown = shown.replaceAll(form, '[token]');
	}

	return shown;
};
