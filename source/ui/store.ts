import type {Observable} from '../base/observable.js';
import type {UiMessage} from './messages.js';
import type {UiState} from './ui-state.js';

/**
The one state of the app.
*/
export type Store = Observable<UiState, UiMessage>;
