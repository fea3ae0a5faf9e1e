import test from 'ava';
import {itemReport} from '../../source/reports/item/item-report.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {describeItem} from '../../source/query/related.js';
import {fullDetail, header, makeItem} from '../query/_items.js';

test('an item is shown in sections, labels in one column', t => {
	const lines = itemReport.text({detail: fullDetail()}, {});
	t.is(lines[0], 'Overview');
	t.is(lines[1], '  Title           Nosferatu');
	t.true(lines.includes('  Summary         A count'));
	t.true(lines.includes('                  moves house.'));
	t.true(lines.includes('  Schreck  Orlok'));
	t.true(lines.includes('Cast'));
});

test('hostile titles, names and summaries are cleaned', t => {
	const item = makeItem('movie1', {title: '\u{1B}]0;owned\u{7}Ali\u{9B}2Jen\r\n', summary: 'a\rb\u{1B}[31mc\u{202E}'});
	const lines = itemReport.text({detail: describeItem(item, new Map(), {header, index: createCatalogIndex()})}, {});
	t.notRegex(lines.join(''), /[\p{Control}\u{202E}]/v);
	t.is(lines[1], '  Title    Alien');
});
