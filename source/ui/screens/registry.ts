import type {ScreenModule} from '../screen-module.js';
import type {Screen} from '../ui-state.js';
import {appLogModule} from './app-log/screen.js';
import {browseModule} from './browse/screen.js';
import {presetsModule} from './columns/presets.js';
import {columnsModule} from './columns/screen.js';
import {confirmModule} from './confirm/screen.js';
import {connectModule} from './connect/screen.js';
import {copyModule} from './copy/screen.js';
import {detailModule} from './detail/screen.js';
import {facetsModule} from './facets/screen.js';
import {helpModule} from './help/screen.js';
import {importModule} from './import/screen.js';
import {librariesModule} from './libraries/screen.js';
import {namesModule} from './names/screen.js';
import {paletteModule} from './palette/screen.js';
import {problemModule} from './problem/screen.js';
import {quitModule} from './quit/screen.js';
import {reportModules} from './report/screen.js';
import {signInModule} from './sign-in/screen.js';
import {sortModule} from './sort/screen.js';
import {textModule} from './text/screen.js';
import {themeModule} from './theme/screen.js';
import {wallModule} from './wall/screen.js';
import {watchModule} from './watch/screen.js';

/**
All screens. The keys that they add to other screens are shown in this order. When a key means several things, a screen where it does nothing tells the first of them.
*/
export const screens: readonly ScreenModule[] = [
	quitModule,
	confirmModule,
	...reportModules,
	watchModule,
	importModule,
	librariesModule,
	browseModule,
	wallModule,
	sortModule,
	columnsModule,
	presetsModule,
	facetsModule,
	namesModule,
	themeModule,
	detailModule,
	copyModule,
	problemModule,
	textModule,
	helpModule,
	paletteModule,
	appLogModule,
	connectModule,
	signInModule,
];

const byName = new Map(screens.map(screen => [screen.name, screen]));

export const moduleOf = ({name}: Pick<Screen, 'name'>): ScreenModule => byName.get(name)!;
