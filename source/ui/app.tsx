import {
	Box,
	useApp,
	useInput,
	usePaste,
	useWindowSize,
	type Key,
} from 'ink';
import {useEffect, useLayoutEffect, useSyncExternalStore} from 'react';
import type {CatalogIndex} from '../query/types.js';
import {Lines} from './parts/lines.js';
import {keyNames} from './key-names.js';
import {banners, layoutOf} from './layout.js';
import {Body} from './screens/body.js';
import {SpokenApp} from './spoken-app.js';
import {TooSmallScreen} from './too-small.js';
import type {Store} from './store.js';
import type {Theme} from './theme.js';
import {footerLines} from './footer.js';
import {bannerLine, headerLine} from './header.js';

export type AppProps = {
	readonly store: Store;
	readonly index: CatalogIndex;
	readonly theme: Theme;
	readonly isStill: boolean;
	readonly isScreenReader: boolean;
	/**
	The wall clock, for `3 days ago`.
	*/
	readonly now: () => Date;
	readonly onKeys: (keys: readonly string[]) => void;
	readonly onPaste: (text: string) => void;
	readonly onResize: (columns: number, rows: number) => void;
	/**
	Called once the app is on the screen.
	*/
	readonly onReady: (app: ReturnType<typeof useApp>) => void;
};

/**
The whole app as a function of its state. Keys come in here and nowhere else.
*/
export function App({onKeys, onPaste, onResize, onReady, ...view}: AppProps) {
	const app = useApp();
	const {columns, rows} = useWindowSize();
	useInput((input: string, key: Key) => {
		onKeys(keyNames(input, key));
	});
	usePaste(onPaste);
	useEffect(() => {
		onReady(app);
	}, [onReady, app]);
	// Before anything is painted for the new size in the old layout.
	useLayoutEffect(() => {
		onResize(columns, rows);
	}, [onResize, columns, rows]);
	return view.isScreenReader ? <SpokenApp {...view}/> : <Screen {...view}/>;
}

type ScreenProps = Pick<AppProps, 'store' | 'index' | 'theme' | 'isStill' | 'now'>;

function Screen({store, index, theme, isStill, now}: ScreenProps) {
	const state = useSyncExternalStore(store.subscribe, store.get);
	const layout = layoutOf(state);
	if (layout.isTooSmall) {
		return <TooSmallScreen state={state}/>;
	}

	const {columns, rows} = state.size;
	const {glyphs} = theme;
	const top = [
		headerLine(state, glyphs, columns),
		...banners(state).map((text, row) => bannerLine(text, row === 0, glyphs, columns)),
	];
	const bottom = footerLines(state, theme, columns);
	return (
		<Box flexDirection='column' width={columns} height={rows} overflow='hidden'>
			<Lines lines={top} rows={top.length} theme={theme}/>
			<Box flexDirection='column' height={layout.bodyRows} flexShrink={0} overflow='hidden'>
				<Body state={state} index={index} theme={theme} layout={layout} now={now()} isStill={isStill}/>
			</Box>
			<Lines lines={bottom} rows={bottom.length} theme={theme}/>
		</Box>
	);
}
