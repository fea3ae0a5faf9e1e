import {keysOf} from '../source/ui/keymap.js';
import {shownKey} from '../source/ui/key-names.js';
import {screens} from '../source/ui/screens/registry.js';

/**
The screens that a person meets first. The others follow.
*/
const first = ['connect', 'libraries', 'import', 'problem', 'browse', 'wall', 'detail', 'watch'];

const ordered = [
	...first.map(name => screens.find(screen => screen.name === name)!),
	...screens.filter(({name}) => !first.includes(name)),
];

const tableOf = (name: string, isTyping: boolean) => {
	const rows = keysOf(name, isTyping)
		.filter(({isForTyping}) => (isForTyping === true) === isTyping)
		.map(({keys, help}) => `| ${keys.map(key => `\`${shownKey(key)}\``).join(' ')} | ${help} |`);
	return rows.length === 0 ? [] : ['| Key | |', '|---|---|', ...rows, ''];
};

/**
`docs/keys.md`: the keys of each screen, from the table that drives them.
*/
export const keysDocument = (): string => [
	'# Keys',
	'',
	'Made from the code by `npm run docs`; do not edit. In the app, `?` shows the keys of the screen you are on.',
	'',
	...ordered.flatMap(({name, title}) => [
		`## ${title}`,
		'',
		...tableOf(name, false),
		...(tableOf(name, true).length === 0 ? [] : ['While text is typed:', '', ...tableOf(name, true)]),
	]),
].join('\n');
