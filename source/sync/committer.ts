export type Committer<Batch> = {
	/**
	Resolves when the batch is committed. Batches that arrive while a commit is under way share the next one.
	@throws what `commit` throws
	*/
	add: (batch: Batch) => Promise<void>;
};

export const createCommitter = <Batch>(commit: (batches: readonly Batch[]) => Promise<void>): Committer<Batch> => {
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

	return {
		async add(batch) {
			waiting.push(batch);
			next ??= startNext();
			return next;
		},
	};
};
