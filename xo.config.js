import reactHooks from 'eslint-plugin-react-hooks';

const imports = (target, from, except) => ({target: `./source/${target}`, from, ...(except && {except})});

const pure = ['./errors.ts', './text', './turns.ts', './clock.ts'];

const xoConfig = [
	{ignores: ['fixtures/**', 'docs/schema/**', '**/*.md']},
	{...reactHooks.configs.flat.recommended, files: ['**/*.tsx']},
	{
		rules: {
			// House style: doc comments give the facts that the type does not; tags would repeat it.
			'jsdoc/require-yields': 'off',
			'jsdoc/require-description': 'off',
			// Plex names begin with a lower-case letter.
			'capitalized-comments': 'off',
			// Pages, batches and commits follow one another on purpose.
			'no-await-in-loop': 'off',
			'unicorn/no-declarations-before-early-exit': 'off',
			// Node's own streams and processes are EventEmitters.
			'unicorn/prefer-event-target': 'off',
		},
	},
	{
		files: ['source/plex/**', 'source/account/**', 'source/demo/**', 'test/**', 'benchmark/**'],
		// Plex names its fields `MediaContainer`, `X-Plex-Token`.
		rules: {'@typescript-eslint/naming-convention': 'off'},
	},
	{
		files: ['source/**'],
		rules: {
			'import-x/no-restricted-paths': ['error', {
				zones: [
					imports('catalog', './source', ['./catalog', ...pure]),
					imports('query', './source', ['./query', './catalog', ...pure]),
					imports('reports', './source', ['./reports', './query', './catalog', ...pure]),
					imports('plex', './source', ['./plex', './catalog', ...pure]),
					imports('account', './source', ['./account', './plex', ...pure]),
					imports('store', './source', ['./store', './catalog', ...pure]),
					imports('sync', './source', ['./sync', './plex', './store', './catalog', './observable.ts', ...pure]),
					imports('log', './source', ['./log', './sync', './store', './catalog', ...pure]),
					imports('watch', './source', ['./watch', './sync', './plex', './store', './query', './report', './catalog', './observable.ts', ...pure]),
					imports('api', './source', ['./api', './watch', './sync', './query', './report', './export', './catalog', ...pure]),
					imports('ui', ['./source/plex', './source/store', './source/demo', './source/commands', './source/session.ts']),
				],
			}],
		},
	},
	{
		// The first thing that `cli.ts` loads; signals and a closed pipe end the process.
		files: ['source/run.ts'],
		rules: {'unicorn/no-process-exit': 'off'},
	},
	{
		files: ['test/**', 'benchmark/**'],
		rules: {
			'node-test/no-import-test-files': 'off',
			'unicorn/prefer-https': 'off',
			'unicorn/no-await-expression-member': 'off',
			'unicorn/max-nested-calls': 'off',
			'regexp/no-super-linear-move': 'off',
			// Helpers beside the tests that they serve.
			'ava/no-ignored-test-files': 'off',
		},
	},
];

export default xoConfig;
