/**
A state folded from messages. Listeners are told at most once per `intervalMs`, so that a burst of messages becomes one redraw.
*/
export type Observable<State, Message> = {
	get: () => State;
	dispatch: (message: Message) => void;
	subscribe: (listener: () => void) => () => void;
	/**
	Tell the listeners now if something is pending.
	*/
	flush: () => void;
};

export type ObservableOptions = {
	/**
	0 tells listeners at once, on every message.
	*/
	intervalMs?: number;
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
	{intervalMs = 0}: ObservableOptions = {},
): Observable<State, Message> => {
	let state = initial;
	let timer: NodeJS.Timeout | undefined;
	let toldAt = -Infinity;
	const listeners = new Set<() => void>();

	const tell = () => {
		clearTimeout(timer);
		timer = undefined;
		toldAt = performance.now();
		for (const listener of listeners) {
			listener();
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
			const waitMs = toldAt + intervalMs - performance.now();
			if (waitMs <= 0) {
				tell();
			} else {
				timer ??= setTimeout(tell, waitMs);
			}
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		flush() {
			if (timer !== undefined) {
				tell();
			}
		},
	};
};
