import {defaultTheme, StatusMessage, ThemeProvider} from '@inkjs/ui';
import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import {clean, cleanLines} from '../../../base/text/clean.js';
import type {ShownFailure} from '../../parts/failure.js';
import type {Theme} from '../../theme.js';

type BusyProps = {
	readonly label: string;
	readonly theme: Theme;
	readonly isStill: boolean;
};

export function Busy({label, theme, isStill}: BusyProps) {
	return (
		<Box height={1} flexShrink={0}>
			<Text {...theme.style('accent')}>{isStill ? '*' : <Spinner type={theme.isAscii ? 'line' : 'dots'}/>}</Text>
			<Text wrap='truncate'> {theme.show(clean(label))}</Text>
		</Box>
	);
}

export function FailureMessage({failure: {message, hint}, theme}: {readonly failure: ShownFailure; readonly theme: Theme}) {
	const text = theme.show(cleanLines(hint === undefined ? message : `${message}\n${hint}`));
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
