import {Box, Text} from 'ink';
import Spinner from 'ink-spinner';
import {clean} from '../../../base/text/clean.js';
import type {Theme} from '../../theme.js';

type BusyProps = {
	readonly label: string;
	readonly theme: Theme;
	readonly isStill: boolean;
};

/**
Something that takes a while and says no number.
*/
export function Busy({label, theme, isStill}: BusyProps) {
	return (
		<Box height={1} flexShrink={0}>
			<Text {...theme.style('accent')}>{isStill ? '*' : <Spinner type={theme.isAscii ? 'line' : 'dots'}/>}</Text>
			<Text wrap='truncate'> {theme.show(clean(label))}</Text>
		</Box>
	);
}
