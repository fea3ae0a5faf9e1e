import {cleanXml} from '../../base/text/clean.js';

/**
An element of XML, with a text or other elements in it.
*/
export type XmlNode = {name: string; attributes: string; value: string | readonly XmlNode[]};

/**
Text as it stands in an element.
*/
export const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
An element, or none where nothing is known. Values of attributes are words of our own or have been made harmless.
*/
export const node = (name: string, value: string | number | readonly XmlNode[] | undefined, attributes: Readonly<Record<string, string>> = {}): XmlNode[] => {
	const content = typeof value === 'object' ? value : cleanXml(String(value ?? '')).trim();
	return content.length === 0
		? []
		: [{name, attributes: Object.entries(attributes).map(([key, text]) => ` ${key}="${text}"`).join(''), value: content}];
};

/**
The text of elements, each on a line of its own.
*/
export const xmlLines = (nodes: readonly XmlNode[], indent = ''): string => nodes.map(({name, attributes, value}) => typeof value === 'string'
	? `${indent}<${name}${attributes}>${escaped(value)}</${name}>\n`
	: `${indent}<${name}${attributes}>\n${xmlLines(value, `${indent}\t`)}${indent}</${name}>\n`).join('');
