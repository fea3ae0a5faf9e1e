/**
Writes `dist/THIRD-PARTY-NOTICES.txt`: the licences of all packages whose code is in the bundle. The build runs it after esbuild, whose metafile says which packages these are.
*/
import {
	globSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type {Metafile} from 'esbuild';

type Manifest = {name: string; version: string; license?: string; repository?: string | {url: string}};

// What these packages say in their manifest, readme or sources, because they have no file with their licence.
const mitHolders = new Map([
	['@tqman/ink-table', 'Matic Zavadlal'],
	['abstract-logging', 'James Sumners'],
	['isarray', 'Julian Gruber'],
	['pg-types', '2014 Brian M. Carlson'],
	['pgpass', '2013-2016 Hannes Hörl'],
	['yoga-layout', 'Meta Platforms, Inc. and affiliates.'],
]);

const iscHolders = new Map([
	['saxes', 'Louis-Dominique Dubeau, Isaac Z. Schlueter and contributors'],
]);

const iscTerms = [
	'Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.',
	'THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.',
];

// All of these may be shipped in a program under the MIT licence, as long as their text is.
const knownLicences = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT-0']);

/**
Folders of the packages of which at least a byte came into the bundle.
*/
const bundledPackages = ({outputs}: Metafile): string[] => {
	const files = Object.values(outputs).flatMap(({inputs}) => Object.entries(inputs))
		.filter(([, {bytesInOutput}]) => bytesInOutput > 0)
		.map(([file]) => file);
	const folders = files.map(file => /^.*node_modules\/(?:@[^\/]+\/)?[^\/]+(?=\/)/v.exec(file)?.[0]);
	return [...new Set(folders.filter(folder => folder !== undefined))];
};

// A package may hold code of others, with their licences in folders of its own.
const licenceName = /^(?:licen[cs]es?|copying|notice)(?:\.(?:md|txt))?$/iv;

const readText = (file: string) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim();

const licenceText = (folder: string, {name, license}: Manifest): string => {
	const found = globSync('**/*', {cwd: folder, exclude: entry => entry === 'node_modules'}).filter(file => licenceName.test(path.basename(file)));
	// Its own first.
	const depth = (file: string) => String(file.split(path.sep).length).padStart(3, '0');
	const files = found.toSorted((a, b) => `${depth(a)} ${a}` < `${depth(b)} ${b}` ? -1 : 1);
	const holder = mitHolders.get(name);
	if (license === 'MIT' && holder !== undefined && files.length === 0) {
		const [title, , ...terms] = readText('LICENSE').split('\n\n');
		return [title, `Copyright (c) ${holder}`, ...terms].join('\n\n');
	}

	const iscHolder = iscHolders.get(name);
	if (license === 'ISC' && iscHolder !== undefined && files.length === 0) {
		return ['ISC License', `Copyright (c) ${iscHolder}`, ...iscTerms].join('\n\n');
	}

	if (files.length === 0 || !knownLicences.has(license ?? '')) {
		throw new Error(`${name} has the licence ${license ?? '(none)'} and ${files.length} files with its text. Look at it, then add it to docs/notices.ts or leave the package out.`);
	}

	return files.map(file => readText(path.join(folder, file))).join('\n\n');
};

const notice = (folder: string) => {
	const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
	const {name, version, license, repository} = manifest;
	const home = typeof repository === 'object' ? repository.url : repository;
	const heading = [`${name} ${version}`, `Licence: ${license}`, ...home === undefined ? [] : [`Source: ${home}`]].join('\n');
	return {heading, text: `${heading}\n\n${licenceText(folder, manifest)}\n`};
};

const rule = `\n${'-'.repeat(78)}\n\n`;
const metafile = 'dist/metafile.json';
const notices = bundledPackages(JSON.parse(readFileSync(metafile, 'utf8')) as Metafile).map(folder => notice(folder));
// The same package may lie in two folders.
const texts = [...new Map(notices.map(({heading, text}) => [heading, text]))].toSorted(([a], [b]) => a < b ? -1 : 1).map(([, text]) => text);
const intro = `The files beside this one hold code of ${texts.length} packages by other authors, whose licences follow.\n`;
writeFileSync('dist/THIRD-PARTY-NOTICES.txt', [intro, ...texts].join(rule));
rmSync(metafile);
