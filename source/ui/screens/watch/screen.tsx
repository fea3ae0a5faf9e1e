import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {watchLines} from './lines.js';

/**
What a daemon does: in this process, or in another one that this app looks at.
*/
export function WatchScreen({state, theme, layout, now, isStill}: ScreenProps) {
	const lines = watchLines(state, {
		glyphs: theme.glyphs, columns: state.size.columns, now, isStill,
	});
	return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
}
