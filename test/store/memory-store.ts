import {createMemoryStore} from '../../source/store/memory-store.js';
import {testConformance} from '../helpers/store-conformance.js';

testConformance('memory', async () => createMemoryStore());
