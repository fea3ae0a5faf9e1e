/**
Whether two texts differ by one slip of the fingers at most: a letter too many, one missing, another one, or two that changed places.

@example
```
isOneSlip('nosfertau', 'nosferatu'); //=> true
```
*/
export const isOneSlip = (left: string, right: string): boolean => {
	const [short, long] = left.length <= right.length ? [left, right] : [right, left];
	if (long.length - short.length > 1) {
		return false;
	}

	let start = 0;
	while (start < short.length && short[start] === long[start]) {
		start++;
	}

	if (long.length > short.length) {
		return short.slice(start) === long.slice(start + 1);
	}

	const rest = short.slice(start + 1);
	return rest === long.slice(start + 1)
		|| (short[start] === long[start + 1] && short[start + 1] === long[start] && short.slice(start + 2) === long.slice(start + 2));
};

const betweenWords = /[^\p{Letter}\p{Mark}\p{Number}]+/v;

/**
The words of a folded text.
*/
export const wordsOf = (folded: string): string[] => folded.split(betweenWords).filter(word => word !== '');

/**
Words with fewer letters have too many neighbours.
*/
export const fewestLetters = 5;
