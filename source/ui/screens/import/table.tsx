import {Box} from 'ink';
import {Lines} from '../../parts/lines.js';
import {RuledTable} from '../../parts/ruled-table.js';
import type {ScreenProps} from '../../screen-module.js';
import {importLayout} from './layout.js';
import {importSummary} from './summary.js';
import {importParts} from './view.js';

/**
The end of an import, with the libraries in a table.
*/
export function ImportTable({state, theme, layout}: ScreenProps) {
	const {top, bottom} = importParts(state, theme);
	const {libraries} = importLayout(state);
	return (
		<Box flexDirection='column' height={layout.bodyRows} overflowY='hidden'>
			<Lines lines={top} rows={top.length} theme={theme}/>
			<Box height={libraries} flexShrink={0} overflowY='hidden'>
				<RuledTable {...importSummary(state.job.result!, state.size.columns)} theme={theme}/>
			</Box>
			<Lines lines={bottom} rows={bottom.length} theme={theme}/>
		</Box>
	);
}
