import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {questionsTo} from '../../source/ui/graphics/terminal-answers.js';
import type {DemoLibrary} from '../../source/demo/library/library.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import type {SectionType} from '../../source/demo/library/section.js';
import {startDemoServer} from '../../source/demo/server.js';
import {withHousehold} from '../helpers/household.js';
import type {Person} from '../helpers/terminal.js';

const escape = '\u{1B}';

/**
What a server may put where a name belongs. The numbers 777 and 177 are in no sequence that reelcat has a use for.
*/
const attacks: Readonly<Record<string, string>> = {
	screen: `${escape}[2J${escape}[3J${escape}[777;777H${escape}[38;5;177mred${escape}[0;8m`,
	heading: `${escape}]0;owned\u{7}${escape}]2;owned${escape}\\`,
	clipboard: `${escape}]52;c;b3duZWQ=\u{7}`,
	link: `${escape}]8;;http://owned.example${escape}\\click${escape}]8;;${escape}\\`,
	device: `${escape}P$q777m${escape}\\${escape}_Gf=100;AAAA${escape}\\${escape}^x${escape}\\`,
	eightbit: '\u{9B}2J\u{9B}777;777H\u{9D}0;owned\u{9C}\u{90}q\u{9C}\u{85}\u{84}\u{8D}',
	bell: 'a\u{7}b\b\b\u{7F}c\0d\u{E}e\u{F}',
	modes: ['1049l', '25h', '1000h', '1003h', '2004l', '7l', '6h'].map(mode => `${escape}[?${mode}`).join('') + `${escape}[4h${escape}[3;777r`,
	charset: `${escape}(0qqq${escape}c${escape}7${escape}8`,
	override: '\u{202E}gpj.exe\u{202C} \u{2066}in\u{2069}\u{2067}\u{61C}\u{200F}out',
	invisible: 'ze\u{200B}ro\u{FEFF}wi\u{AD}d\u{2060}th\u{E0068}',
	lines: 'first\r\nsecond\tthird\rfourth\u{2028}fifth\u{B}',
	long: 'and so on '.repeat(60),
	han: '東京物語と風の谷のナウシカ、七人の侍',
	emoji: '👩‍🚀👨‍👩‍👧‍👦 🏳️‍🌈👍🏽 🇳🇴 ❤️',
	hebrew: 'שלום עולם العربية ומה עוד',
	marks: `Z${'\u{301}'.repeat(40)}a\u{301}lgo`,
	torn: `${escape}[12;${escape}]0;owned${escape}P`,
};

const names = Object.keys(attacks);
const everything = Object.values(attacks).join(' ');

// Joiners and selectors of a form are part of emoji. The mark U+200E is our own: it keeps Hebrew from moving the columns behind it.
const unseen = /[[\p{Default_Ignorable_Code_Point}\p{Control}\p{Line_Separator}]--[\p{Join_Control}\p{Variation_Selector}\u{200E}]]/v;

/**
What the terminal suffers, by name; nothing when all is well.
*/
const harmOf = (person: Person, usualModes: Readonly<Record<number, boolean>>): string[] => {
	const harm = new Set(person.requests().map(({code}) => `OSC ${code}`));
	if (person.title() !== '') {
		harm.add('title');
	}

	const modes = person.modes();
	for (const mode of new Set([...Object.keys(modes), ...Object.keys(usualModes)].map(Number))) {
		if (modes[mode] !== usualModes[mode]) {
			harm.add(`mode ${mode}`);
		}
	}

	if (person.history().some(row => row.some(cell => unseen.test(cell)))) {
		harm.add('cell');
	}

	return [...harm].toSorted();
};

/**
As `harmOf`, with what was ever written: that takes a while to look through.
*/
const allHarmOf = (person: Person, usualModes: Readonly<Record<number, boolean>>): string[] => {
	const harm = new Set(harmOf(person, usualModes));
	// The app asks the terminal once whether it shows pictures.
	const written = person.written().replace(questionsTo({}), '');
	if (unseen.test(written.replaceAll(/[\n\r]/gv, '').replaceAll(escape, ''))) {
		harm.add('character');
	}

	// What the app draws with: colours, moves, erasing, rows that scroll, and the modes that are looked at above.
	const known = /^\[(?:[\d;]*m|[\d;]*[A-HJ-Mr]|\?\d+[hl])/v;
	if (written.split(escape).slice(1).some(sequence => !known.test(sequence) || /^\[[\d;]*[17]77/v.test(sequence))) {
		harm.add('sequence');
	}

	return [...harm].toSorted();
};

/**
The rows beneath a heading that break out of its column: `pattern` must be in the cells of the heading, and blanks before it.
*/
const misaligned = (person: Person, heading: string, {count, pattern, beside = ''}: {count: number; pattern: RegExp; beside?: string}): string[] => {
	const rows = person.history();
	const places = rows.map(row => row.join('').includes(beside) ? row.findIndex((_, column) => row.slice(column, column + heading.length).join('') === heading) : -1);
	const top = places.findLastIndex(place => place !== -1);
	const from = places[top]!;
	const beneath = rows.slice(top + 1, top + 1 + count);
	const wrong = beneath.filter(row => !pattern.test(row.slice(from, from + heading.length).join('')) || row.slice(Math.max(0, from - 2), from).join('').trim() !== '');
	return beneath.length === count ? wrong.map(row => row.join('')) : [`only ${beneath.length} rows`];
};

const hostileRow = (row: PlexRow) => {
	row.originalTitle = everything;
	row.editionTitle = everything;
	row.summary = everything;
	row.tagline = everything;
	row.studio = everything;
	row.contentRating = everything;
	for (const kind of ['Genre', 'Country', 'Collection', 'Label', 'Director', 'Writer'] as const) {
		row[kind] = names.map(name => ({tag: `${kind} ${name} ${attacks[name]}`}));
	}

	row.Role = names.map(name => ({tag: `Actor ${name} ${attacks[name]}`, role: attacks[name]!}));
	row.Guid = [{id: `imdb://${everything}`}];
	Object.assign(row.Media![0]!, {videoResolution: attacks['modes'], videoCodec: everything, container: attacks['eightbit']});
	row.Media![0]!.Part![0]!.file = `/srv/${everything}.mkv`;
};

const movieKey = (name: string) => String(1_000_000 + names.indexOf(name));
const brokenKey = movieKey('marks');
const wholeKey = '1000020';

/**
A library in which every name is an attack; the items that are of interest have `zq` in their titles.
*/
const makeHostile = (library: DemoLibrary): void => {
	for (const key of ['3', '4', '5', '6']) {
		library.removeSection(key);
	}

	library.changeSection('1', {
		title: `Films ${everything}`, agent: everything, language: everything, locations: [everything],
	});
	library.changeSection('2', {title: `Series ${everything}`});
	library.changeSection('7', {title: `Music ${everything}`});
	library.changeSection('8', {title: `Other ${everything}`, type: everything as SectionType});
	for (const name of names) {
		library.changeItem(movieKey(name), row => {
			row.title = `zq ${name} ${attacks[name]}`;
			delete row.titleSort;
			row.year = 2001;
		});
	}

	library.changeItem(wholeKey, row => {
		row.title = `zq whole ${everything}`;
		delete row.titleSort;
		row.year = 2001;
		hostileRow(row);
	});
	library.addItem('1', 1, {
		ratingKey: '999000777', key: '/library/metadata/999000777', type: everything, title: `zq hologram ${everything}`,
	});
	const [show] = library.oddities('season-without-episodes');
	const {seasons, episodes} = library.children(show!);
	for (const key of [show!, ...seasons, ...episodes]) {
		library.changeItem(key, row => {
			row.title = `zq ${row.type} ${everything}`;
			row.parentTitle = everything;
			row.grandparentTitle = everything;
			delete row.titleSort;
			row.year = 2001;
			row.summary = everything;
		});
	}
};

/**
The movies that can be kept: the broken one and the hologram cannot.
*/
const found = names.length;

const startHostileServer = async () => {
	const server = await startDemoServer({movies: 0, shows: 0, name: `Theatre ${everything}`});
	makeHostile(server.library);
	const brokenItem = {
		kind: 'status', status: 500, retryAfterSeconds: 0, path: new RegExp(String.raw`^/library/metadata/(?:\d+,)*${brokenKey}\b`, 'v'), body: {text: everything},
	} as const;
	server.setFaults([brokenItem]);
	return {...server, brokenItem};
};

for (const [columns, rows] of [[120, 40], [80, 24], [40, 10]] as const) {
	test(`at ${columns}×${rows} what a server calls itself, its libraries, its items and its errors is only text to the terminal, and columns stay in line`, withHousehold, async (t, {sit}) => {
		const {url, token, brokenItem, setFaults, close} = await startHostileServer();
		t.teardown(close);
		const person = sit({columns, rows});
		await person.sees('Plex server address');
		// Wrapping is off while a frame is drawn, and on again behind it.
		const usualModes = {
			7: true, 25: false, 1000: true, 1002: true, 1006: true, 1049: true, 2004: true,
		};
		await person.sees(() => Object.keys(person.modes()).length === Object.keys(usualModes).length);
		const unharmed = (where: string) => {
			t.deepEqual(harmOf(person, usualModes), [], where);
			t.true(person.isAlternateScreen(), where);
		};

		setFaults([{
			kind: 'status', status: 401, path: /^\/$/v, body: {text: everything},
		}]);
		person.type('j\r');
		person.type(`${url}\t${token}\r`);
		await person.sees(/does not accept the\s+token/v);
		unharmed('a refusal');
		setFaults([{kind: 'status', status: 503, body: {text: `maintenance ${everything}`}}]);
		person.type('\r');
		await person.sees(/starting up/v);
		unharmed('a server that starts up');
		setFaults([brokenItem]);
		person.type('\r');
		await person.sees(/\[x\] Films/v);
		await person.sees(/Music/v);
		unharmed('the libraries');
		const librariesOutOfLine = (heading: string) => {
			if (columns < 80) {
				return misaligned(person, heading, {count: 2, pattern: /^ *\d+$/v});
			}

			const cards = person.history().slice(-rows).filter(row => /[│╭╰]/v.test(row[0]!));
			const ends = new Set(cards[0]?.flatMap((cell, column) => cell === '╮' ? [column] : []));
			return cards.length < 6 ? [`only ${cards.length} rows`] : cards.filter(row => !ends.has(row.findLastIndex(cell => /[│╮╯]/v.test(cell)))).map(row => row.join(''));
		};

		t.deepEqual(librariesOutOfLine('Server'), []);

		person.type('\r');
		await person.sees(/Ended with 2 problems/v);
		unharmed('the problems');
		person.type('\r');
		await person.sees(/› Problem|Stage +\w/v);
		await person.sees(/zq (?:marks|hologram)/v);
		unharmed('a problem');
		person.type(escape);
		await person.sees(/Problems.* 1\/2/v);
		person.type('j');
		await person.sees(/Problems.* 2\/2/v);
		person.type('l');
		await person.sees(/zq (?:marks|hologram)/v);
		unharmed('the other problem');
		person.type(escape);
		await person.sees(/Problems.* 2\/2/v);
		person.type(escape);
		await person.sees(/\[x\] Films/v);
		t.deepEqual(librariesOutOfLine('Here'), []);

		person.type('l');
		await person.sees(/\d\/\d+/v);
		// What is pasted may come from anywhere, too. The caret stands on the override.
		person.type(`/${escape}[200~${attacks['override']}${escape}[201~`);
		await person.sees('/gpj.exe');
		person.type('\u{1}x');
		await person.sees('/xgpj.exe');
		unharmed('a pasted filter');
		person.type('\u{15}zq');
		await person.sees(new RegExp(String.raw`\d/${found} \(\d+\)`, 'v'));
		unharmed('the filter');
		person.type('\r');
		// At its end too: on a small terminal these are other rows.
		for (const [key, place] of [['gg', 1], ['G', found]] as const) {
			person.type(key);
			await person.sees(new RegExp(String.raw`\b${place}/${found} \(`, 'v'));
			unharmed(`the movies at ${place}`);
			t.deepEqual(misaligned(person, 'Year', {count: Math.min(found, rows - 3), pattern: /^2001$/v, beside: 'Title'}), []);
		}

		// The last by its title is the one of which everything is hostile.
		person.type('\r');
		// All of it: what is known at once is shown at once, and the pages would move under the reader.
		await person.sees(/ 1-\d+ of \d{3,} lines/v);
		const pages: string[] = [];
		const readTab = async (tab: string) => {
			for (;;) {
				const before = person.screen();
				pages.push(before);
				unharmed(`a page of the ${tab}`);
				const [place] = /\d+-\d+ of \d+ lines/v.exec(before) ?? [];
				if (place === undefined || /-(?<last>\d+) of \k<last> /v.test(place)) {
					return;
				}

				person.type(`${escape}[6~`);
				await person.sees(screen => screen !== before && !screen.includes(place));
			}
		};

		for (const tab of ['overview', 'files', 'history', 'ids']) {
			await readTab(tab);
			const before = person.screen();
			person.type(']');
			await person.sees(screen => screen !== before);
		}

		t.true(pages.some(page => /Title +zq whole/v.test(page)));

		person.type('q');
		await person.sees(new RegExp(String.raw`\b${found}/${found} \(`, 'v'));
		person.type('q');
		await person.sees(/\[x\] Films/v);
		person.type('jl');
		await person.sees(/Year +Episodes|Year/v);
		person.type('/zq');
		await person.sees(/1\/1 \(\d+\)/v);
		person.type('\r');
		unharmed('the shows');
		person.type('l');
		await person.sees(/1\/2/v);
		await person.sees(/zq season/v);
		unharmed('the seasons');
		person.type('G');
		await person.sees(/2\/2/v);
		person.type('l');
		await person.sees(/zq episode/v);
		await person.sees(/1\/10/v);
		unharmed('the episodes');
		person.type('\r');
		await person.sees(/ 1-\d+ of \d{3,} lines/v);
		unharmed('an episode');
		person.type('Q');
		await person.exit;
		await person.sees(() => !person.isAlternateScreen());
		t.deepEqual(allHarmOf(person, {
			...usualModes, 25: true, 1000: false, 1002: false, 1006: false, 1049: false, 2004: false,
		}), []);
	});
}

test('commands at a terminal print hostile names and errors as text, in columns and without lines of their own', withHousehold, async (t, {sit}) => {
	const {url, token, setFaults, close} = await startHostileServer();
	t.teardown(close);
	const commands = ['connect', 'libraries', 'import Films', 'import 1', `show ${wholeKey}`, 'ls --library nothing', 'ls zq'];
	const shell = `${commands.map(command => `reelcat ${command}`).join('; ')}; echo finished; read wait; reelcat libraries; reelcat import 1; echo over`;
	const person = sit({
		columns: 160, rows: 40, shell, env: {PLEX_URL: url, PLEX_TOKEN: token},
	});
	await person.sees('finished');
	t.deepEqual(misaligned(person, 'On server', {count: 2, pattern: /^ +\d+$/v, beside: 'Library'}), []);
	t.deepEqual(misaligned(person, 'Type', {count: found, pattern: /^movi$/v, beside: 'Title'}), []);
	setFaults([{
		kind: 'status', status: 401, path: /^\/$/v, body: {text: everything},
	}, {
		kind: 'status', status: 503, retryAfterSeconds: 0, path: 'sections/1', body: {text: `maintenance ${everything}`},
	}]);
	person.type('\r');
	await person.sees(/does not accept the token[\s\S]*over/v);
	await person.exit;
	t.deepEqual(allHarmOf(person, {}), []);
	const lines = person.history().map(row => row.join('').trimEnd());
	t.true(lines.some(line => line.startsWith('Problem with Films')));
	t.deepEqual(lines.filter(line => /^(?:fourth|fifth)/v.test(line)), []);
});

test('the same names printed as they are do all the harm that these tests look for', withHousehold, async (t, {home, sit}) => {
	const file = path.join(home, 'names.txt');
	await writeFile(file, everything);
	const person = sit({shell: `cat '${file}'`});
	await person.exit;
	await person.sees(() => person.requests().length > 0);
	t.deepEqual(allHarmOf(person, {}), [
		'OSC 0',
		'OSC 2',
		'OSC 52',
		'OSC 8',
		'cell',
		'character',
		'mode 1000',
		'mode 1003',
		'mode 1049',
		'mode 2004',
		'mode 25',
		'mode 6',
		'mode 7',
		'sequence',
		'title',
	]);
	t.is(person.title(), 'owned');
});
