/**
Tells each fault once, until it is over or is another one.
*/
export const createFaults = (onNote: (level: 'warn', text: string) => void) => {
	const told = new Map<string, string>();
	return {
		tell(about: string, text: string) {
			if (told.get(about) === text) {
				return;
			}

			told.set(about, text);
			onNote('warn', text);
		},
		/**
		It is over, if it was there at all.
		*/
		clear(about: string) {
			told.delete(about);
		},
	};
};

export type Faults = ReturnType<typeof createFaults>;
