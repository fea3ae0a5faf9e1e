#!/usr/bin/env bash
# Out of one answer of Plex in XML, linkedom reads `Lilo &amp; Stitch`, xmlbuilder2 too, and fast-xml-parser `Ocean&#39;s Eleven`; each is right where another is wrong.
#
# Seen with linkedom 0.18.15, xmlbuilder2 4.0.3, fast-xml-parser 5.12.1, xml2js 0.6.2, @xmldom/xmldom 0.9.12, happy-dom 21.0.4 and
# cheerio 1.2.0 on Node.js 24 (2026-12-01).
#
# Expected: XML itself, without any DTD, knows the five names &amp; &lt; &gt; &quot; &apos; and numbers such as &#39; and &#10;, in
# attributes as in text, so every reader gives the characters. Plex has all titles and summaries in attributes.
#
# Seen: linkedom, asked for text/xml, leaves &amp;, &lt; and &#160; as they are in attributes, though not in text. xmlbuilder2
# as an object leaves &amp; and &lt;, and in attributes &quot;; its nodes are right. fast-xml-parser leaves all numbers unless
# `htmlEntities` is set, so a line break in a summary is the five characters &#10;. xml2js, xmldom, happy-dom and cheerio are
# right in all of it.
#
# Consequence: who reads the XML of Plex tries a title with an ampersand, one with an apostrophe and a summary of two lines,
# or asks for JSON (`Accept: application/json`).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts linkedom@0.18.15 xmlbuilder2@4.0.3 fast-xml-parser@5.12.1 xml2js@0.6.2 @xmldom/xmldom@0.9.12 happy-dom@21.0.4 cheerio@1.2.0
cat >look.mjs <<'JS'
import * as xmldom from '@xmldom/xmldom';
import * as cheerio from 'cheerio';
import {XMLParser} from 'fast-xml-parser';
import {Window} from 'happy-dom';
import * as linkedom from 'linkedom';
import xml2js from 'xml2js';
import {create} from 'xmlbuilder2';

const texts = {
	'Lilo &amp; Stitch': 'Lilo & Stitch', '&lt;3': '<3', '&quot;Q&quot;': '"Q"', 'Ocean&apos;s': 'Ocean\'s', 'Ocean&#39;s': 'Ocean\'s', 'One&#10;Two': 'One\nTwo', 'a&#160;b': 'a\u{A0}b',
};
const nodes = document => [document.getElementsByTagName('Video')[0].getAttribute('title'), document.getElementsByTagName('Tag')[0].textContent];
// Each gives the title of the attribute and that of the text.
const readers = {
	linkedom: xml => nodes(new linkedom.DOMParser().parseFromString(xml, 'text/xml')),
	'xmlbuilder2, object'(xml) {
		const {Video: video} = create(xml).end({format: 'object'}).MediaContainer;
		return [video['@title'], video.Tag];
	},
	'xmlbuilder2, nodes': xml => nodes(create(xml).node.ownerDocument ?? create(xml).node),
	'fast-xml-parser'(xml) {
		const {Video: video} = new XMLParser({ignoreAttributes: false}).parse(xml).MediaContainer;
		return [video['@_title'], video.Tag];
	},
	'fast-xml-parser, htmlEntities'(xml) {
		const {Video: video} = new XMLParser({ignoreAttributes: false, htmlEntities: true}).parse(xml).MediaContainer;
		return [video['@_title'], video.Tag];
	},
	xml2js(xml) {
		let found;
		xml2js.parseString(xml, (_, {MediaContainer: {Video: [video]}}) => {
			found = [video.$.title, video.Tag[0]];
		});
		return found;
	},
	'@xmldom/xmldom': xml => nodes(new xmldom.DOMParser().parseFromString(xml, 'text/xml')),
	'happy-dom': xml => nodes(new (new Window().DOMParser)().parseFromString(xml, 'text/xml')),
	cheerio(xml) {
		const $ = cheerio.load(xml, {xml: true});
		return [$('Video').attr('title'), $('Tag').text()];
	},
};
for (const [name, read] of Object.entries(readers)) {
	const left = [[], []];
	for (const [text, characters] of Object.entries(texts)) {
		const found = read(`<?xml version="1.0" encoding="UTF-8"?>\n<MediaContainer size="1"><Video title="${text}"><Tag>${text}</Tag></Video></MediaContainer>`);
		for (const [index, value] of found.entries()) {
			if (value !== characters) {
				left[index].push(value === text ? text : `${text} as ${JSON.stringify(value)}`);
			}
		}
	}

	console.log(`${name}: ${left.map((values, index) => `in ${index === 0 ? 'attributes' : 'text'} ${values.length === 0 ? 'all is right' : values.join(', ')}`).join('; ')}`);
}

process.exit();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
linkedom: in attributes Lilo &amp; Stitch, &lt;3, a&#160;b; in text all is right
xmlbuilder2, object: in attributes Lilo &amp; Stitch, &lt;3, &quot;Q&quot;; in text Lilo &amp; Stitch, &lt;3
xmlbuilder2, nodes: in attributes all is right; in text all is right
fast-xml-parser: in attributes Ocean&#39;s, One&#10;Two, a&#160;b; in text Ocean&#39;s, One&#10;Two, a&#160;b
fast-xml-parser, htmlEntities: in attributes all is right; in text all is right
xml2js: in attributes all is right; in text all is right
@xmldom/xmldom: in attributes all is right; in text all is right
happy-dom: in attributes all is right; in text all is right
cheerio: in attributes all is right; in text all is right
SEEN
