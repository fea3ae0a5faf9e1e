import * as z from 'zod';
import {eventSchema} from '../watch/types.js';
import {errorSchema, type Route} from './port.js';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
	const {$schema: _, ...rest} = z.toJSONSchema(schema, {io, unrepresentable: 'any'});
	return rest;
};

export const openApi = (routes: readonly Route[], version: string): Json => {
	const paths = new Map<string, Json>();
	for (const route of routes) {
		const path = route.path.replaceAll(/:(?<name>\w+)/gv, '{$<name>}');
		paths.set(path, {...paths.get(path), [route.method.toLowerCase()]: operation(route)});
	}

	return {
		openapi: '3.1.0',
		info: {
			title: 'reelcat', version, description: 'What a reelcat daemon can be asked and told.', license: {name: 'MIT', identifier: 'MIT'},
		},
		// Whoever asked for the document knows the address, and it may be that of a proxy.
		servers: [{url: '/', description: 'The daemon that this document was read from'}],
		paths: Object.fromEntries(paths),
		components: {
			securitySchemes: {
				token: {type: 'http', scheme: 'bearer', description: '"reelcat api token" prints it'},
				password: {type: 'http', scheme: 'basic', description: 'For webhooks and browsers: any name, and the token as password'},
			},
			schemas: {Error: schemaOf(errorSchema, 'output'), Event: schemaOf(eventSchema, 'output')},
		},
	};
};

const securityOf: Readonly<Record<Route['access'], Json[]>> = {
	none: [], token: [{token: []}], hook: [{token: []}, {password: []}], page: [{token: []}, {password: []}],
};

const operation = ({id, summary, access, params, query, body, bodyKind = 'json', responses}: Route): Json => ({
	operationId: id,
	summary,
	security: securityOf[access],
	parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
	...(body !== undefined && {requestBody: {required: !body.safeParse(undefined).success, content: requestContent(body, bodyKind)}}),
	responses: {
		...Object.fromEntries(Object.entries(responses).map(([status, schema]) => [status, {description: 'As asked', content: answerContent(schema)}])),
		default: {description: 'Refused or failed', content: {'application/json': {schema: {$ref: '#/components/schemas/Error'}}}},
	},
});

const requestContent = (body: z.ZodType, bodyKind: 'json' | 'multipart'): Json => bodyKind === 'json'
	? {'application/json': {schema: schemaOf(body, 'input')}}
	: {'multipart/form-data': {schema: {type: 'object', properties: {payload: {type: 'string', contentMediaType: 'application/json'}}, required: ['payload']}}};

const answerContent = (schema: Route['responses'][number]): Json => {
	if (schema === 'text') {
		return {'text/plain': {schema: {type: 'string'}}};
	}

	if (schema === 'page') {
		return {'text/html': {schema: {type: 'string'}}};
	}

	if (schema === 'picture') {
		return {'image/*': {}};
	}

	return schema === 'events'
		? {'text/event-stream': {schema: {type: 'string', description: 'The data of each event is an Event as JSON, its id a number'}}}
		: {'application/json': {schema: schemaOf(schema, 'output')}};
};

const parameters = (schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] => {
	if (schema === undefined) {
		return [];
	}

	const {properties = {}, required = []} = schemaOf(schema, 'input') as {properties?: Json; required?: string[]};
	return Object.entries(properties).map(([name, property]) => ({
		name, in: place, required: place === 'path' || required.includes(name), schema: property,
	}));
};
