import {
	Box,
	Text,
	useApp,
	useInput,
	usePaste,
	useStdin,
	type Key,
} from 'ink';
import {
	useEffect,
	useLayoutEffect,
	useRef,
	useMemo,
	useReducer,
	useSyncExternalStore,
} from 'react';
import type {CatalogIndex} from '../query/types.js';
import {percentOf} from '../sync/share.js';
import {
	baseScreen,
	isImporting,
	topScreen,
	type Screen,
	type UiState,
} from './ui-state.js';
import {
	banners,
	headerRows,
	layoutOf,
	smallest,
} from './layout.js';
import type {Store} from './controller.js';
import {footerLines, withToast} from './footer.js';
import {bannerLine, headerLine} from './header.js';
import {keyNames} from './key-names.js';
import {filled, type Line} from './line.js';
import {Lines} from './parts/lines.js';
import {overlayOn} from './parts/overlay.js';
import type {ScreenProps} from './screen-module.js';
import {ConnectView} from './screens/connect/view.js';
import {ImportTable} from './screens/import/table.js';
import {moduleOf} from './screens/registry.js';
import {willEndWatch} from './screens/watch/reduce.js';
import {SpokenApp} from './spoken.js';
import {otherFacts, tabsLine} from './tabs.js';
import {withWhichKey} from './which-key.js';
import type {Theme, ThemeName} from './theme.js';

export type AppProps = {
	readonly store: Store;
	readonly index: CatalogIndex;
	readonly themeOf: (name: ThemeName) => Theme;
	readonly isStill: boolean;
	readonly isScreenReader: boolean;
	readonly now: () => Date;
	readonly minuteMs?: number | undefined;
	readonly onKeys: (keys: readonly string[]) => void;
	readonly onPaste: (text: string) => void;
	/**
	Takes the mouse from the terminal, and returns a function that gives it back.
	*/
	readonly takeMouse: () => () => void;
	readonly onReady: (app: ReturnType<typeof useApp>) => void;
};

/**
The whole app as a function of its state. Keys come in here and nowhere else.
*/
export function App({onKeys, onPaste, onReady, ...view}: AppProps) {
	const app = useApp();
	const sent = useSent();
	useInput((input: string, key: Key) => {
		onKeys(keyNames(input, key, sent.current));
	});
	usePaste(onPaste);
	useEffect(() => {
		onReady(app);
	}, [onReady, app]);
	return view.isScreenReader ? <SpokenApp store={view.store} index={view.index}/> : <VisibleApp {...view}/>;
}

type InputEvents = Record<'on' | 'off', (name: 'input', listener: (text: string) => void) => unknown>;

/**
What the terminal sent last, as Ink hears of it. Its hook for keys keeps it to itself.
*/
const useSent = () => {
	const {internal_eventEmitter: events} = useStdin() as unknown as {internal_eventEmitter: InputEvents};
	const sent = useRef('');
	useEffect(() => {
		const keep = (text: string) => {
			sent.current = text;
		};

		events.on('input', keep);
		return () => {
			events.off('input', keep);
		};
	}, [events]);
	return sent;
};

/**
Draws anew once a minute, because the header says how long ago the libraries were synced, and the watch when jobs were done. A frame that is the same writes nothing.
*/
const useMinutes = (minuteMs: number) => {
	const [, draw] = useReducer((minutes: number) => minutes + 1, 0);
	useEffect(() => {
		const timer = setInterval(draw, minuteMs);
		return () => {
			clearInterval(timer);
		};
	}, [minuteMs]);
};

function VisibleApp({store, index, themeOf, isStill, now, minuteMs = 60_000, takeMouse}: Pick<AppProps, 'store' | 'index' | 'themeOf' | 'isStill' | 'now' | 'minuteMs' | 'takeMouse'>) {
	const state = useSyncExternalStore(store.subscribe, store.get);
	const {isMouseOn} = state;
	useMinutes(minuteMs);
	// The cleanup also runs when the process ends in the middle of something.
	useLayoutEffect(() => isMouseOn ? takeMouse() : undefined, [isMouseOn, takeMouse]);
	const layout = layoutOf(state);
	const theme = useMemo(() => themeOf(state.themeName), [themeOf, state.themeName]);
	if (layout.isTooSmall) {
		return <TooSmall state={state}/>;
	}

	const {columns, rows} = state.size;
	const {glyphs} = theme;
	const hasTabs = headerRows(state) > 1;
	const top = [
		headerLine(state, glyphs, columns, hasTabs ? otherFacts(state, glyphs, columns, now()) : []),
		...hasTabs ? [tabsLine(state, glyphs, columns, now())] : [],
		...banners(state).map((text, row) => bannerLine(text, row === 0, glyphs, columns)),
	];
	const screen = topScreen(state);
	const view = bodyOf(screen, {
		state, index, theme, layout, now: now(), isStill,
	});
	const body = Array.isArray(view) && state.isWaitShown ? withWhichKey(view, state, layout, glyphs) : view;
	const isToasted = layout.isFramed && Array.isArray(body);
	const bottom = footerLines(state, theme, columns, isToasted);
	const bodyRows = rows - top.length - bottom.length;
	return (
		<Box flexDirection='column' width={columns} height={rows} overflowY='hidden'>
			<Lines lines={top} rows={top.length} theme={theme}/>
			<Box flexDirection='column' height={bodyRows} flexShrink={0} overflowY='hidden'>
				{Array.isArray(body) ? <Lines lines={isToasted ? withToast(filled(body, bodyRows), state, theme, columns) : body} rows={bodyRows} theme={theme}/> : body}
			</Box>
			<Lines lines={bottom} rows={bottom.length} theme={theme}/>
		</Box>
	);
}

// Of the screens for which lines are not enough.
const elements = new Map<Screen['name'], (props: ScreenProps) => React.JSX.Element>([['connect', ConnectView], ['import', ImportTable]]);

/**
A screen, or a box over the screen beneath it.
*/
const bodyOf = (screen: Screen, props: Omit<ScreenProps, 'screen'>): Line[] | React.JSX.Element => {
	const body = moduleOf(screen).view({...props, screen});
	const {state, layout} = props;
	if (body === undefined) {
		const Element = elements.get(screen.name)!;
		return <Element {...props} screen={screen}/>;
	}

	if (screen.isOverlay !== true || !layout.isFramed) {
		return body;
	}

	const base = baseScreen(state);
	const beneath = moduleOf(base).view({...props, screen: base}) ?? [];
	return overlayOn(beneath, body, {columns: state.size.columns, rows: layout.bodyRows});
};

function TooSmall({state}: {readonly state: UiState}) {
	const {columns, rows} = state.size;
	const {share} = state.job.progress;
	const texts = [
		'Terminal too small',
		`Needed ${smallest.columns}x${smallest.rows}`,
		`Actual ${columns}x${rows}`,
		...isImporting(state) ? [`Importing ${percentOf(share)} %`] : [],
		willEndWatch(state) ? (state.message === undefined ? 'q ends watching' : 'q again to quit') : 'q quits',
	].slice(0, Math.max(1, rows));
	return (
		<Box flexDirection='column' height={rows}>
			{texts.map(text => <Text key={text} wrap='truncate'>{text}</Text>)}
		</Box>
	);
}
