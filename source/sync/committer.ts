/**
@returns a function that resolves when a batch is committed, and throws what `commit` throws. Batches that arrive while a commit is under way share the next one.
*/
export const createCommitter = <Batch>(commit: (batches: readonly Batch[]) => Promise<void>) => {
	let waiting: Batch[] = [];
	let next: Promise<void> | undefined;
	let current: Promise<unknown> = Promise.resolve();

	const startNext = async () => {
		await current.catch(() => {/* told to those who added to that commit */});
		const batches = waiting;
		waiting = [];
		current = next!;
		next = undefined;
		await commit(batches);
	};

	return async (batch: Batch): Promise<void> => {
		waiting.push(batch);
		next ??= startNext();
		return next;
	};
};
