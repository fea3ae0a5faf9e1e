type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
Makes an element. Texts become text nodes and attributes are set as attributes, so nothing in a text can become markup. `true` sets an attribute without a value; `false` and undefined leave it out.
*/
export const make = <Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: ReadonlyArray<Node | string>): HTMLElementTagNameMap[Name] => {
	const element = document.createElement(name);
	setAttributes(element, attributes);
	element.append(...children);
	return element;
};

export const setAttributes = (element: Element, attributes: Attributes): void => {
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined || typeof value === 'boolean') {
			element.toggleAttribute(name, value === true);
		} else {
			element.setAttribute(name, String(value));
		}
	}
};

/**
A text of the catalogue in an element of its own, so that its direction of writing stays within it.
*/
export const makeText = <Name extends keyof HTMLElementTagNameMap>(name: Name, className: string, text: string): HTMLElementTagNameMap[Name] =>
	make(name, {class: className === '' ? undefined : className, dir: 'auto'}, text);

export const makeButton = (text: string, attributes: Attributes, onClick: () => void): HTMLButtonElement => {
	const button = make('button', {type: 'button', ...attributes}, text);
	button.addEventListener('click', onClick);
	return button;
};

/**
A number as people read it: 1,234.
*/
export const counted = (count: number): string => count.toLocaleString('en');

/**
@throws Error if the page has no such data
*/
export const readData = (id: string): unknown => {
	const element = document.querySelector(`#${id}`);
	if (element === null) {
		throw new Error(`The page has no ${id}.`);
	}

	return JSON.parse(element.textContent);
};
