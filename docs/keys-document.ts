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
		.map(({id, keys, help, isFixed}) => `| ${keys.map(key => `\`${shownKey(key)}\``).join(' ')} | ${help} | ${isFixed === true ? '' : `\`${id}\``} |`);
	return rows.length === 0 ? [] : ['| Key | | Id |', '|---|---|---|', ...rows, ''];
};

/**
`docs/keys.md`: the keys of each screen, from the table that drives them.
*/
export const keysDocument = (): string => [
	'# Keys',
	'',
	'Made from the code by `npm run docs`; do not edit. In the app, `?` shows the keys of the screen you are on, with the changes of your settings.',
	'',
	'## Keys of your own',
	'',
	'`keys` in `settings.json` gives other keys to an action, wherever it can be done. The tables below have the ids of the actions.',
	'',
	'```json',
	'{"keys": {"refresh": ["ctrl-r"], "runs": ["H", "g h"], "quit": []}}',
	'```',
	'',
	'A key is a letter or a sign (`r` and `R` are two keys), `Ctrl-` or `Alt-` and a letter, or a name as the tables show it, such as `Enter`, `Esc`, `Tab`, `Space`, `PgDn` or `F1`. Keys that are pressed one after the other have a blank between them. An empty list takes the keys away; the command palette still has the action. Digits begin a count and cannot be given, and an action without an id keeps its keys.',
	'',
	'When an action is given a key that another one has on the same screen, it gets the key and the other one loses it. Such a conflict, an id that does not exist and a name that is no key are told when the app starts and by `reelcat doctor`; everything else in `keys` still holds. The help, the line of keys and the palette show what holds, but sentences that name a key name the one that it has by default.',
	'',
	...ordered.flatMap(({name, title}) => [
		`## ${title}`,
		'',
		...tableOf(name, false),
		...(tableOf(name, true).length === 0 ? [] : ['While text is typed:', '', ...tableOf(name, true)]),
	]),
].join('\n');
