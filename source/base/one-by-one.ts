/**
Work that is done one piece after the other, in the order in which it was asked for. A piece that fails keeps nobody waiting: only its caller gets the error.
*/
export const oneByOne = () => {
	let last: Promise<unknown> = Promise.resolve();
	return {
		async inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
			const mine = last.then(work);
			last = mine.catch(() => undefined);
			return mine;
		},
		/**
		Resolves when all that was asked for until now is done.
		*/
		async settled(): Promise<void> {
			await last;
		},
	};
};
