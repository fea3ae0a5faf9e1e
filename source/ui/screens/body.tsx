import type {ScreenProps} from '../parts/screen-props.js';
import {topScreen} from '../state/stack.js';
import type {ScreenName} from '../state/types.js';
import {BrowseScreen} from './browse.js';
import {ConnectScreen} from './connect.js';
import {ImportScreen} from './import.js';
import {LibrariesScreen} from './libraries.js';
import {QuitScreen} from './quit.js';
import {ReportView} from './report.js';
import {SignInScreen} from './sign-in.js';
import {SortScreen} from './sort.js';
import {TextScreen} from './text.js';
import {WatchScreen} from './watch.js';

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
