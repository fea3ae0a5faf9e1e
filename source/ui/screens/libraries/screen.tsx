import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {libraryLines} from './lines.js';

/**
All libraries, with what is on the server and what is in the catalogue.
*/
export function LibrariesScreen({state, theme, layout, now}: ScreenProps) {
	const {columns} = state.size;
	const lines = libraryLines(state, {
		glyphs: theme.glyphs, columns, rows: layout.listRows, now,
	});
	return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
}
