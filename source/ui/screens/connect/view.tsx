import {Box, Text} from 'ink';
import {defaultTheme, StatusMessage, ThemeProvider} from '@inkjs/ui';
import Spinner from 'ink-spinner';
import {clean, cleanLines} from '../../../base/text/clean.js';
import type {ShownFailure} from '../../parts/failure.js';
import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../screen-module.js';
import type {Theme} from '../../theme.js';
import {choiceText, connectLines, roomOf} from './lines.js';

function Busy({label, theme, isStill}: {readonly label: string; readonly theme: Theme; readonly isStill: boolean}) {
	return (
		<Box height={1} flexShrink={0}>
			<Text {...theme.style('accent')}>{isStill ? '*' : <Spinner type={theme.hasFewGlyphs ? 'line' : 'dots'}/>}</Text>
			<Text wrap='truncate'> {theme.show(clean(label))}</Text>
		</Box>
	);
}

function FailureMessage({failure, theme}: {readonly failure: ShownFailure; readonly theme: Theme}) {
	const text = theme.show(cleanLines(failure.hint === undefined ? failure.message : `${failure.message}\n${failure.hint}`));
	if (theme.isAscii) {
		return <Text>{`${theme.glyphs.bad} ${text}`}</Text>;
	}

	return (
		<ThemeProvider theme={themeOf(theme)}>
			<Box flexShrink={0}>
				<StatusMessage variant='error'>{text}</StatusMessage>
			</Box>
		</ThemeProvider>
	);
}

/**
Without this the library shows its own colours even where there must be none.
*/
const themeOf = (theme: Theme): typeof defaultTheme => ({
	...defaultTheme,
	components: {
		...defaultTheme.components,

		StatusMessage: {...defaultTheme.components['StatusMessage'], styles: {...defaultTheme.components['StatusMessage']?.styles, icon: () => theme.style('bad')}},
	},
});

export function ConnectView({state, theme, layout, isStill}: ScreenProps) {
	const {choice, url, isConnecting, failure} = state.connect;
	const room = roomOf(state, layout);
	const lines = connectLines(state, {glyphs: theme.glyphs, ...room});
	const where = choice === 'server' ? url.text : choiceText(state, choice).title;
	return (
		<Box flexDirection='column' width={room.columns} height={layout.bodyRows} marginLeft={Math.floor((state.size.columns - room.columns) / 2)} overflow='hidden'>
			<Lines lines={lines} rows={Math.min(lines.length, layout.bodyRows)} theme={theme}/>
			{isConnecting && <Busy label={`Connecting to ${where} … Esc cancels.`} theme={theme} isStill={isStill}/>}
			{!isConnecting && failure !== undefined && <FailureMessage failure={failure} theme={theme}/>}
		</Box>
	);
}
