import test from 'ava';
import fc from 'fast-check';
import {lineText} from '../../../source/ui/line.js';
import {widthOf} from '../../../source/ui/parts/cells.js';
import {heatCells, meter, sparkline} from '../../../source/ui/parts/meter.js';
import {asciiGlyphs, createTheme} from '../../../source/ui/theme.js';

const {glyphs} = createTheme({isColor: false, isAscii: false});

test('a bar fills by eighths of a cell', t => {
	const bar = (share: number) => lineText(meter(share, 4, glyphs));
	t.deepEqual([0, 1 / 32, 0.25, 0.4, 1, 7, -1, NaN].map(share => bar(share)), ['░░░░', '▏░░░', '█░░░', '█▋░░', '████', '████', '░░░░', '░░░░']);
	t.is(lineText(meter(0.5, 6, asciiGlyphs)), '###---');
});

test('a sparkline shows the last amounts, as high as they are beside the greatest', t => {
	t.is(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8, glyphs), '▁▂▃▄▅▆▇█');
	t.is(sparkline([100, 0, 1, 8], 3, glyphs), '▁▁█');
	t.is(sparkline([3], 4, glyphs), '   █');
	t.is(sparkline([0, 0], 2, glyphs), '▁▁');
	t.is(sparkline([0, 4, 8], 3, asciiGlyphs), '_-#');
});

test('in a heat map only nothing has the lightest cell', t => {
	t.is(heatCells([0, 1, 500, 1000], glyphs), '·░▒█');
	t.is(heatCells([0, 0], glyphs), '··');
	t.is(heatCells([0, 1, 1000], asciiGlyphs), '.:#');
});

test('meters have the width that is asked for', t => {
	t.notThrows(() => {
		fc.assert(fc.property(fc.double(), fc.nat(60), fc.constantFrom(glyphs, asciiGlyphs), (share, width, of) => widthOf(meter(share, width, of)) === width));
		fc.assert(fc.property(fc.array(fc.double({min: 0, noNaN: true, noDefaultInfinity: true})), fc.nat(60), (amounts, width) => [...sparkline(amounts, width, glyphs)].length === width && [...heatCells(amounts, glyphs)].length === amounts.length));
	});
});
