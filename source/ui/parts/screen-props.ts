import type {CatalogIndex} from '../../query/types.js';
import type {Layout} from '../layout.js';
import type {UiState} from '../ui-state.js';
import type {Theme} from '../theme.js';

/**
What every screen is a function of.
*/
export type ScreenProps = {
	readonly state: UiState;
	readonly index: Pick<CatalogIndex, 'get'>;
	readonly theme: Theme;
	readonly layout: Layout;
	readonly now: Date;
	/**
	Nothing moves by itself: for slow links.
	*/
	readonly isStill: boolean;
};
