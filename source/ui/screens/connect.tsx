import {Box} from 'ink';
import {Busy} from '../components/busy.js';
import {FailureMessage} from '../components/failure-message.js';
import {Lines} from '../components/lines.js';
import type {ScreenProps} from '../components/screen-props.js';
import {choiceText, connectLines} from '../view/connect-lines.js';

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
