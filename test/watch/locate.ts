import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {createKnownLibrary} from '../../source/sync/known-library.js';
import {storedIn} from '../../source/sync/stored-items.js';
import {createLocator} from '../../source/watch/locate.js';
import {makeItem} from '../query/_items.js';

const createWorld = ({isReachable = true, error}: {isReachable?: boolean; error?: AppError} = {}) => {
	const asked: string[] = [];
	const films = createKnownLibrary();
	films.put(makeItem('a', {ratingKey: '5', libraryId: 'films'}));
	const locate = createLocator({
		knowledge: {stored: async id => storedIn(id === 'films' ? films : createKnownLibrary())},
		libraries: () => [{id: 'films', key: '1'}, {id: 'series', key: '2'}],
		plex: () => isReachable
			? {
				async details(ratingKeys) {
					asked.push(ratingKeys.join(','));
					if (error !== undefined) {
						throw error;
					}

					return ratingKeys.filter(key => key !== '404').map(ratingKey => ({ratingKey, librarySectionID: ratingKey === '9' ? 9 : 2}));
				},
			}
			: undefined,
		signal: new AbortController().signal,
	});
	return {asked, locate};
};

test('what the catalogue has is found without a request', async t => {
	const {asked, locate} = createWorld();
	t.deepEqual(await locate(['5']), new Map([['5', 'films']]));
	t.deepEqual(asked, []);
});

test('what it does not have is found with one request, and what is not watched is nowhere', async t => {
	const {asked, locate} = createWorld();
	t.deepEqual(await locate(['5', '6', '9', '404']), new Map([['5', 'films'], ['6', 'series']]));
	t.deepEqual(asked, ['6,9,404']);
});

test('where the server cannot be asked, nobody knows', async t => {
	t.is(await createWorld({isReachable: false}).locate(['6']), undefined);
	t.is(await createWorld({error: new AppError('unreachable', 'Nobody is there.')}).locate(['6']), undefined);
	await t.throwsAsync(createWorld({error: new TypeError('a bug') as unknown as AppError}).locate(['6']), {instanceOf: TypeError});
});
