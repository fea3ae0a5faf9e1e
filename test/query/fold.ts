import test from 'ava';
import fc from 'fast-check';
import {fold, sortKeyOf} from '../../source/query/fold.js';

test('case, accents, ligatures and width do not count', t => {
	t.deepEqual(['Amélie', 'ÆON', 'Straße', 'ＡＢＣ', 'Łódź', 'שָׁלוֹם'].map(text => fold(text)), ['amelie', 'aeon', 'strasse', 'abc', 'lodz', 'שלום']);
});

test('typographic quotes and dashes are those of the keyboard', t => {
	t.deepEqual(['L’Avventura', 'Памʼять', 'צ׳ק', '„Wir“ – Spider‑Man', '‚x‘ −1 5′'].map(text => fold(text)), ['l\'avventura', 'пам\'ять', 'צ\'ק', '"wir" - spider-man', '\'x\' -1 5\'']);
});

test('vowel signs that are letters to their readers stay', t => {
	t.not(fold('हिन्दी'), fold('हन्द'));
});

const inOrder = (titles: readonly string[]) => titles.toSorted((left, right) => sortKeyOf(left) < sortKeyOf(right) ? -1 : 1);

test('leading articles do not count, unless they are all there is', t => {
	t.deepEqual(inOrder(['The Matrix', 'Alien', 'A Bug\'s Life', 'Zulu', 'An Education']), ['Alien', 'A Bug\'s Life', 'An Education', 'The Matrix', 'Zulu']);
	t.is(sortKeyOf('The'), 'the');
	t.is(sortKeyOf('A'), 'a');
	t.is(sortKeyOf('Die Hard'), 'die hard');
});

test('numbers count as numbers, whatever their length', t => {
	const titles = ['Saw 2', 'Saw 10', 'Saw 010a', 'Saw 99999999999', 'Saw 100000000000'];
	t.deepEqual(inOrder(titles.toReversed()), titles);
});

test('punctuation does not count, unless it is all there is', t => {
	t.is(sortKeyOf('Spider-Man:  Homecoming!'), sortKeyOf('Spider Man Homecoming'));
	t.is(sortKeyOf('...'), '...');
	t.is(sortKeyOf('東京物語'), '東京物語');
});

test('the sort title of the server wins', t => {
	t.is(sortKeyOf('The Matrix', 'The Matrix'), 'the matrix');
});

test('numbers are ordered by value', t => {
	const law = fc.property(fc.nat(), fc.nat(), (left, right) =>
		Math.sign(left - right) === (sortKeyOf(`Part ${left}`) < sortKeyOf(`Part ${right}`) ? -1 : Number(left !== right)));
	t.notThrows(() => {
		fc.assert(law);
	});
});
