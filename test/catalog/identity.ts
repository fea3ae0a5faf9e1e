import test from 'ava';
import {
	fileId,
	hiddenFileId,
	hiddenSeasonId,
	itemId,
	personId,
	tagId,
} from '../../source/catalog/identity.js';

const composed = 'Amélie'.normalize('NFC');
const decomposed = composed.normalize('NFD');

test('an id is the same each time, and another for another server, key or kind', t => {
	t.is(itemId('s1', '7'), itemId('s1', '7'));
	const ids = [
		itemId('s1', '7'),
		itemId('s2', '7'),
		itemId('s1', '8'),
		hiddenSeasonId('s1', 7),
		hiddenSeasonId('s1', undefined),
		fileId('s1', '7'),
		hiddenFileId('s1', '7'),
		personId('s1', '7'),
		personId('s1', 'x', '7'),
		tagId('genre', '7'),
		tagId('label', '7'),
		tagId('label', '7', 'library'),
	];
	t.is(new Set(ids).size, ids.length);
	t.true(ids.every(id => /^[fipt][\da-f]{16}$/v.test(id)));
});

test('names are the same however their accents are written, and paths are not', t => {
	t.not(fileId('s1', `/films/${composed}.mkv`), fileId('s1', `/films/${decomposed}.mkv`));
	t.is(personId('s1', composed), personId('s1', decomposed));
	t.is(tagId('genre', composed), tagId('genre', decomposed));
});

test('a person with a key of Plex is one person on every server, under whatever name', t => {
	t.is(personId('s1', 'Murnau', 'k1'), personId('s2', 'F. W. Murnau', 'k1'));
	t.not(personId('s1', 'Murnau'), personId('s2', 'Murnau'));
});
