import {initialPictures} from './graphics/state.js';
import {initialConnect, noSignIn} from './screens/connect/state.js';
import type {Screen, UiState} from './ui-state.js';
import {noJob} from './screens/import/state.js';
import {initialLibraries} from './screens/libraries/state.js';
import {watchScreen} from './screens/watch/reduce.js';
import {initialWatch} from './screens/watch/state.js';
import {readOnlyReasonOf} from './screens/watch/words.js';
import {readKeySettings} from './key-settings.js';
import type {UiServices} from './services.js';
import {themeNames} from './theme.js';

/**
The state of an app that starts. The first screen is Connect when nothing is known yet, else Libraries. An app that opens for the watch has that screen on top.
*/
export const initialState = ({initial, watch: part}: Pick<UiServices, 'initial' | 'watch'>, size: UiState['size']): UiState => {
	const {connection, catalog, opensWatch = false} = initial;
	const isFirstRun = connection === undefined && catalog.libraries.length === 0;
	const first: Screen = {name: isFirstRun ? 'connect' : 'libraries'};
	const watch = initialWatch(part, opensWatch);
	return {
		version: initial.version,
		size,
		keyChanges: readKeySettings(initial.keys).changes,
		hasToken: initial.hasToken,
		readOnlyReason: readOnlyReasonOf(part, initial.readOnlyReason),
		notice: initial.notice,
		connection,
		header: catalog,
		totals: undefined,
		load: {status: 'loading', share: 0, failure: undefined},
		revision: 0,
		stack: opensWatch ? [first, watchScreen({watch})] : [first],
		nextKey: 1,
		connect: initialConnect(initial.formUrl),
		signIn: noSignIn,
		libraries: initialLibraries(catalog),
		job: noJob,
		watch,
		detail: {
			id: undefined, status: 'loading', sections: undefined, glance: undefined, tab: 'overview', failure: undefined,
		},
		pictures: initialPictures,
		filterHistory: [],
		recentActions: [],
		themeName: themeNames.find(name => name === initial.theme) ?? 'terminal',
		isPaneOn: undefined,
		isMouseOn: initial.isMouseOn,
		columnChoices: initial.columns ?? {},
		count: '',
		prefix: '',
		isWaitShown: false,
		kept: undefined,
		message: undefined,
	};
};
