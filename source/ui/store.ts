import type {Observable} from '../base/observable.js';
import type {UiMessage} from './state/messages.js';
import type {UiState} from './state/types.js';

/**
The one state of the app.
*/
export type Store = Observable<UiState, UiMessage>;
