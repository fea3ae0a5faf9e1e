import test from 'ava';
import chalk from 'chalk';
import {renderToString, Text, type TextProps} from 'ink';
import {fineThemes, plainStyles, terminalStyles} from '../../../source/ui/theme/palettes.js';
import {paint} from '../../../source/ui/theme/paint.js';

test('text is painted as Ink paints it, in every style that there is', t => {
	const {level} = chalk;
	t.teardown(() => {
		chalk.level = level;
	});
	const palettes = [plainStyles, ...Object.values(terminalStyles), ...Object.values(fineThemes).map(({styles}) => styles)];
	const styles: TextProps[] = [...palettes.flatMap(palette => Object.values(palette)), {color: 'redBright', backgroundColor: 'blue', dimColor: true}];
	const seen = new Set<string>();
	for (const each of [0, 1, 3] as const) {
		chalk.level = each;
		for (const style of styles) {
			const painted = paint('Metropolis', style);
			seen.add(painted);
			t.is(renderToString(<Text>{painted}</Text>), renderToString(<Text><Text {...style}>Metropolis</Text></Text>), JSON.stringify(style));
		}
	}

	t.true(seen.size > 20);
});
