import {nextTurn} from './turns.js';

/**
Makes a list of functions that are told of each value. `subscribe` returns a function that takes the listener out again.
*/
export const createListeners = <Value = void>() => {
	const listeners = new Set<(value: Value) => void>();
	return {
		tell(value: Value) {
			for (const listener of listeners) {
				listener(value);
			}
		},
		subscribe(listener: (value: Value) => void) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
	};
};

/**
A state that messages are folded into. Listeners are called at most once per `intervalMs`, so that a burst of messages becomes one redraw.
*/
export type Observable<State, Message> = {
	get: () => State;
	dispatch: (message: Message) => void;
	subscribe: (listener: () => void) => () => void;
	// Calls the listeners now if a change is pending.
	flush: () => void;
};

type ObservableOptions<Message> = {
	// 0 calls the listeners at once, for every message.
	intervalMs?: number;
	// Tells messages that nobody waits for. Listeners hear of them in a turn of the event loop of their own, at most once per `newsMs`.
	isNews?: (message: Message) => boolean;
	newsMs?: number;
};

/**
@example
```
const counter = createObservable(0, (count: number, step: number) => count + step);
counter.dispatch(2);
counter.get(); //=> 2
```
*/
export const createObservable = <State, Message>(
	initial: State,
	reduce: (state: State, message: Message) => State,
	{intervalMs = 0, isNews = () => false, newsMs = intervalMs}: ObservableOptions<Message> = {},
): Observable<State, Message> => {
	let state = initial;
	let isPending = false;
	let timer: NodeJS.Timeout | undefined;
	let newsTimer: NodeJS.Timeout | undefined;
	let toldAt = -Infinity;
	const listeners = createListeners();

	const tell = () => {
		clearTimeout(timer);
		clearTimeout(newsTimer);
		timer = undefined;
		newsTimer = undefined;
		isPending = false;
		toldAt = performance.now();
		listeners.tell();
	};

	const tellNews = async () => {
		await nextTurn();
		if (isPending) {
			tell();
		}
	};

	return {
		get: () => state,
		dispatch(message) {
			const next = reduce(state, message);
			if (Object.is(next, state)) {
				return;
			}

			state = next;
			isPending = true;
			const sinceMs = performance.now() - toldAt;
			if (isNews(message)) {
				newsTimer ??= setTimeout(() => {
					void tellNews();
				}, Math.max(0, newsMs - sinceMs));
				return;
			}

			const waitMs = intervalMs - sinceMs;
			if (waitMs <= 0) {
				tell();
			} else {
				timer ??= setTimeout(tell, waitMs);
			}
		},
		subscribe: listeners.subscribe,
		flush() {
			if (isPending) {
				tell();
			}
		},
	};
};
