import {Box} from 'ink';
import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {Busy} from './busy.js';
import {FailureMessage} from './failure-message.js';
import {choiceText, connectLines} from './lines.js';

/**
The first screen: which server.
*/
export function ConnectScreen({state, theme, layout, isStill}: ScreenProps) {
	const {columns} = state.size;
	const {connect} = state;
	const lines = connectLines(state, {glyphs: theme.glyphs, columns, isCompact: layout.bodyRows < 16});
	const where = connect.choice === 'server' ? connect.url.text : choiceText(state, connect.choice).title;
	return (
		<Box flexDirection='column' height={layout.bodyRows} overflow='hidden'>
			<Lines lines={lines} rows={Math.min(lines.length, layout.bodyRows)} theme={theme}/>
			{connect.isConnecting && <Busy label={`Connecting to ${where} … Esc cancels.`} theme={theme} isStill={isStill}/>}
			{!connect.isConnecting && connect.failure !== undefined && <FailureMessage failure={connect.failure} theme={theme}/>}
		</Box>
	);
}
