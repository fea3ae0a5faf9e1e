import {setAttributes} from './dom.js';

export type WindowListOptions = {
	element: HTMLElement;
	/**
	Makes what shows a row; it holds one link, which the keys go to.
	*/
	makeEntry: (row: number) => HTMLElement;
	/**
	The columns, the height of an entry and the gap between two in pixels, at a width.
	*/
	measure: (width: number) => Shape;
};

type Shape = {columns: number; height: number; gap: number};

export type WindowList = {
	show: (rows: readonly number[]) => void;
	/**
	Brings an entry into view and gives it the focus, if the row is shown. `focusVisible` says that a key led there: after a click, WebKit shows no ring where a script gives the focus.
	*/
	focusRow: (row: number, options?: FocusOptions) => void;
	stop: () => void;
};

// Beyond the edges of the window, so that a quick scroll finds entries.
const spareScreens = 1;

/**
A list of which only what is near the window is in the document, so that tens of thousands of rows cost no more than a screen. Each entry stands at its own place, tells a screen reader which one of how many it is, and stays while it has the focus.
*/
export const createWindowList = ({element, makeEntry, measure}: WindowListOptions): WindowList => {
	let rows: readonly number[] = [];
	let shape: Shape = {columns: 1, height: 1, gap: 0};
	let entries = new Map<number, HTMLElement>();
	let waiting = 0;
	let width = 0;
	let isPrinting = false;

	const placesInView = () => {
		if (isPrinting) {
			return {first: 0, last: rows.length};
		}

		const {columns, height, gap} = shape;
		const top = -element.getBoundingClientRect().top;
		const spare = window.innerHeight * spareScreens;
		const first = Math.max(0, Math.floor((top - spare) / (height + gap))) * columns;
		const last = Math.ceil((top + window.innerHeight + spare) / (height + gap)) * columns;
		return {first, last: Math.min(rows.length, Math.max(last, 0))};
	};

	const setPlace = (entry: HTMLElement, place: number) => {
		const {columns, height, gap} = shape;
		const column = place % columns;
		setAttributes(entry, {'data-place': place, 'aria-setsize': rows.length, 'aria-posinset': place + 1});
		entry.style.top = `${Math.floor(place / columns) * (height + gap)}px`;
		entry.style.left = `calc((100% + ${gap}px) / ${columns} * ${column})`;
		entry.style.width = `calc((100% + ${gap}px) / ${columns} - ${gap}px)`;
		entry.style.height = `${height}px`;
	};

	const draw = () => {
		waiting = 0;
		const {first, last} = placesInView();
		const next = new Map<number, HTMLElement>();
		const focused = element.contains(document.activeElement) ? document.activeElement!.closest<HTMLElement>('[data-place]') : undefined;
		for (let place = first; place < last; place++) {
			const row = rows[place]!;
			const entry = entries.get(row) ?? makeEntry(row);
			setPlace(entry, place);
			next.set(row, entry);
		}

		for (const [row, entry] of entries) {
			if (next.has(row)) {
				continue;
			}

			const place = entry === focused ? rows.indexOf(row) : -1;
			if (place === -1) {
				entry.remove();
			} else {
				setPlace(entry, place);
				next.set(row, entry);
			}
		}

		entries = next;
		// The order in the document is that on the screen. An entry that is in its place already is not moved, because it would lose the focus.
		let before: Element | undefined;
		for (const entry of [...next.values()].toSorted((one, other) => placeOf(one) - placeOf(other))) {
			const isInPlace = (before === undefined ? element.firstElementChild : before.nextElementSibling) === entry;
			if (!isInPlace) {
				if (before === undefined) {
					element.prepend(entry);
				} else {
					before.after(entry);
				}
			}

			before = entry;
		}
	};

	const drawSoon = () => {
		if (waiting === 0) {
			waiting = requestAnimationFrame(draw);
		}
	};

	const refresh = () => {
		width = element.clientWidth;
		shape = measure(width);
		const lines = Math.ceil(rows.length / shape.columns);
		element.style.height = `${Math.max(0, (lines * (shape.height + shape.gap)) - shape.gap)}px`;
		draw();
	};

	const focusPlace = (place: number, options: FocusOptions = {}) => {
		const {columns, height, gap} = shape;
		const top = element.getBoundingClientRect().top + (Math.floor(place / columns) * (height + gap));
		const margin = height / 2;
		if (top < margin || top + height > window.innerHeight - margin) {
			window.scrollBy(0, top - ((window.innerHeight - height) / 2));
		}

		draw();
		entries.get(rows[place]!)?.querySelector('a')?.focus({...options, preventScroll: true});
	};

	const onKey = (event: KeyboardEvent) => {
		const step = stepOf(event.key, shape);
		const place = event.target instanceof Element ? placeOf(event.target.closest<HTMLElement>('[data-place]') ?? undefined) : -1;
		if (step === undefined || place === -1 || event.ctrlKey || event.altKey || event.metaKey) {
			return;
		}

		event.preventDefault();
		focusPlace(Math.min(rows.length - 1, Math.max(0, place + step)), {focusVisible: true});
	};

	// Paper shows all rows, in the places that the style gives them there.
	const onPrint = ({type}: Event) => {
		isPrinting = type === 'beforeprint' && element.clientWidth > 0;
		draw();
		setForPaper(element, isPrinting);
	};

	element.addEventListener('keydown', onKey);
	const listening = new AbortController();
	window.addEventListener('scroll', drawSoon, {passive: true, signal: listening.signal});
	globalThis.addEventListener('beforeprint', onPrint, listening);
	globalThis.addEventListener('afterprint', onPrint, listening);
	const observer = new ResizeObserver(() => {
		// Its height changes with what it shows; only another width needs another shape.
		if (element.clientWidth !== width) {
			refresh();
		}
	});
	observer.observe(element);
	return {
		show(next) {
			rows = next;
			refresh();
		},
		focusRow(row, options) {
			const place = rows.indexOf(row);
			if (place !== -1) {
				focusPlace(place, options);
			}
		},
		stop() {
			listening.abort();
			observer.disconnect();
		},
	};
};

// On paper, links lead nowhere, and Chromium looks through the whole page for the target of each. WebKit prints no picture that it would load later.
const setForPaper = (element: Element, isPrinting: boolean): void => {
	for (const link of element.querySelectorAll<HTMLAnchorElement>('a:not(:focus)')) {
		const address = link.dataset['href'] ?? link.hash;
		setAttributes(link, {href: isPrinting ? undefined : address, 'data-href': address});
	}

	for (const picture of element.querySelectorAll('img')) {
		picture.loading = isPrinting ? 'eager' : 'lazy';
	}
};

const stepOf = (key: string, {columns, height}: Shape): number | undefined => {
	const page = columns * Math.max(1, Math.floor(window.innerHeight / height) - 1);
	return new Map([
		['ArrowLeft', -1], ['ArrowRight', 1], ['ArrowUp', -columns], ['ArrowDown', columns], ['PageUp', -page], ['PageDown', page], ['Home', -Infinity], ['End', Infinity],
	]).get(key);
};

// An element without a place in the list has -1.
const placeOf = (entry: HTMLElement | undefined) => Number(entry?.dataset['place'] ?? -1);
