import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {signInLines} from './lines.js';

/**
Signing in with Plex: a code, a link, a QR code.
*/
export function SignInScreen({state, theme, layout}: ScreenProps) {
	const lines = signInLines(state, {columns: state.size.columns, rows: layout.bodyRows, isAscii: theme.isAscii});
	return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
}
