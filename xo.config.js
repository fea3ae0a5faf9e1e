import reactHooks from 'eslint-plugin-react-hooks';
import {reelcatRules} from './benchmark/lint-rules.js';

/**
The rooms that each room of `source/` may import besides itself and `base`; `docs/architecture.md` says what the rooms are for.
*/
const rooms = {
	base: [],
	catalog: [],
	plex: ['catalog'],
	query: ['catalog'],
	history: ['catalog', 'query'],
	store: ['catalog', 'history', 'query'],
	servers: ['plex', 'store'],
	sync: ['catalog', 'history', 'plex', 'store'],
	export: ['catalog', 'query'],
	log: ['catalog', 'store', 'sync'],
	watch: ['catalog', 'history', 'plex', 'query', 'store', 'sync'],
	api: ['store', 'watch'],
	service: ['plex', 'store', 'watch'],
	reports: ['catalog', 'export', 'history', 'log', 'plex', 'query', 'sync', 'watch'],
	ui: ['catalog', 'history', 'query', 'reports', 'sync', 'watch'],
	demo: [],
	app: ['api', 'catalog', 'demo', 'export', 'history', 'log', 'plex', 'query', 'reports', 'servers', 'store', 'sync', 'ui', 'watch'],
	commands: ['api', 'app', 'catalog', 'demo', 'export', 'history', 'log', 'plex', 'query', 'reports', 'servers', 'service', 'store', 'sync', 'ui', 'watch'],
};

const zones = Object.entries(rooms).map(([room, others]) => ({
	target: `./source/${room}`,
	from: './source',
	except: [...new Set([room, 'base', ...others])].map(name => `./${name}`),
}));

const xoConfig = [
	{ignores: ['fixtures/**', 'docs/schema/**', '**/*.md']},
	{...reactHooks.configs.flat.recommended, files: ['**/*.tsx']},
	{
		rules: {
			// Doc comments give the facts that the type does not give; tags would repeat the type.
			'jsdoc/require-yields': 'off',
			'jsdoc/require-description': 'off',
			// Plex names begin with a lower-case letter.
			'capitalized-comments': 'off',
			// We process pages, batches and commits one after the other on purpose.
			'no-await-in-loop': 'off',
			'unicorn/no-declarations-before-early-exit': 'off',
			// Node's own streams and processes are EventEmitters.
			'unicorn/prefer-event-target': 'off',
		},
	},
	{
		files: ['source/plex/**', 'source/servers/**', 'source/store/postgres/**', 'source/demo/**', 'source/api/**', 'test/**', 'benchmark/**', 'docs/**'],
		// Plex has names such as `MediaContainer` and `X-Plex-Token`, headers have names such as `Accept`, and columns of tables such as `library_id`.
		rules: {'@typescript-eslint/naming-convention': 'off'},
	},
	{
		files: ['source/**/*.{ts,tsx}'],
		plugins: {reelcat: reelcatRules},
		rules: {
			'import-x/no-restricted-paths': ['error', {zones}],
			'reelcat/no-open-keys': 'error',
		},
	},
	{
		files: ['source/export/page/browser/**/*.ts'],
		rules: {
			// Elements are made as they are nested.
			'unicorn/max-nested-calls': 'off',
			// Browsers of phones learned iterator helpers only lately.
			'unicorn/prefer-iterator-to-array': 'off',
		},
	},
	{
		// The two packages on whose internals reelcat relies are pinned exactly; `docs/dependencies.md` says why.
		files: ['package.json'],
		rules: {'package-json/dependency-version-range': 'off'},
	},
	{
		// `cli.ts` loads these first; signals and a closed pipe end the process.
		files: ['source/commands/run.ts', 'source/commands/signals.ts'],
		rules: {'unicorn/no-process-exit': 'off'},
	},
	{
		files: ['test/**', 'benchmark/**', 'docs/**'],
		rules: {
			'node-test/no-import-test-files': 'off',
			'unicorn/prefer-https': 'off',
			'unicorn/no-await-expression-member': 'off',
			'unicorn/max-nested-calls': 'off',
			'regexp/no-super-linear-move': 'off',
			// Helpers lie beside the tests that use them.
			'ava/no-ignored-test-files': 'off',
		},
	},
];

export default xoConfig;
