import type {Answer} from '../answer.js';

/**
plex.tv answers JSON without any container when asked for it.
*/
export const jsonAnswer = (body: unknown, status = 200): Answer => ({
	status,
	contentType: 'application/json; charset=utf-8',
	body: JSON.stringify(body),
});

export const emptyAnswer = (status: number): Answer => ({status, contentType: 'application/json; charset=utf-8', body: ''});

export const errorAnswer = ({status, code, message}: {status: number; code: number; message: string}, {wantsJson}: {wantsJson: boolean}): Answer => wantsJson
	? jsonAnswer({errors: [{code, message, status}]}, status)
	: {
		status,
		contentType: 'application/xml; charset=utf-8',
		body: `<?xml version="1.0" encoding="UTF-8"?>\n<errors>\n  <error code="${code}" message="${message}" status="${status}"/>\n</errors>\n`,
	};
