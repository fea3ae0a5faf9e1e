import {actions} from '../source/ui/keymap.js';
import {shownKey} from '../source/ui/key-names.js';
import type {ScreenName} from '../source/ui/ui-state.js';

const screens: ReadonlyArray<readonly [ScreenName, string]> = [
	['connect', 'Connect'],
	['libraries', 'Libraries'],
	['import', 'Import'],
	['problem', 'A problem'],
	['browse', 'Browse'],
	['detail', 'Detail'],
	['watch', 'Watch'],
];

const tableOf = (name: ScreenName, isTyping: boolean) => {
	const rows = actions
		.filter(action => action.screens.includes(name) && (action.isForTyping === true) === isTyping)
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
	...screens.flatMap(([name, title]) => [
		`## ${title}`,
		'',
		...tableOf(name, false),
		...(tableOf(name, true).length === 0 ? [] : ['While text is typed:', '', ...tableOf(name, true)]),
	]),
].join('\n');
