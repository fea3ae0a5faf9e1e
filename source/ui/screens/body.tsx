import type {ScreenProps} from '../parts/screen-props.js';
import {topScreen} from '../stack.js';
import type {ScreenName} from '../ui-state.js';
import {BrowseScreen} from './browse/screen.js';
import {ConnectScreen} from './connect/screen.js';
import {ImportScreen} from './import/screen.js';
import {LibrariesScreen} from './libraries/screen.js';
import {QuitScreen} from './quit/screen.js';
import {ReportView} from './report/screen.js';
import {SignInScreen} from './sign-in/screen.js';
import {SortScreen} from './sort/screen.js';
import {TextScreen} from './text/screen.js';
import {WatchScreen} from './watch/screen.js';

const screens: Record<ScreenName, (props: ScreenProps) => React.JSX.Element> = {
	connect: ConnectScreen,
	'sign-in': SignInScreen,
	libraries: LibrariesScreen,
	import: ImportScreen,
	problem: TextScreen,
	browse: BrowseScreen,
	detail: TextScreen,
	changes: ReportView,
	timeline: ReportView,
	runs: ReportView,
	run: ReportView,
	log: ReportView,
	held: ReportView,
	watch: WatchScreen,
	text: TextScreen,
	help: TextScreen,
	sort: SortScreen,
	quit: QuitScreen,
};

/**
What is between the header line and the footer line.
*/
export function Body(props: ScreenProps) {
	const Screen = screens[topScreen(props.state).name];
	return <Screen {...props}/>;
}
