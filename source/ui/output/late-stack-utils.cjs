/**
Stands in the bundle for `stack-utils`, see `docs/bundle.ts`. Ink makes one as it is loaded, to show an error of a component. The many regular expressions of it would be made before the first frame.
*/
class LateStackUtils {
	static nodeInternals() {
		return [];
	}

	#options;
	#made;

	constructor(options) {
		this.#options = options;
	}

	parseLine(line) {
		const StackUtils = require('stack-utils'); // eslint-disable-line import-x/no-extraneous-dependencies -- Ink has it
		this.#made ??= new StackUtils({...this.#options, internals: StackUtils.nodeInternals()});
		return this.#made.parseLine(line);
	}
}

module.exports = LateStackUtils;
