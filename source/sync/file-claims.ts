import type {CatalogRecord, MediaFile} from '../catalog/types.js';

/**
What rows say of the files that they play. Several rows may play one file and not agree on it; then any of them may be right.
*/
export type FileClaims<Owner> = {
	/**
	`known` are the stored records.
	*/
	add: (owner: Owner, files: readonly MediaFile[], known: readonly CatalogRecord[]) => void;
	/**
	Owners of files of which something is stored that no row says.
	*/
	disputedOwners: () => Set<Owner>;
};

export const createFileClaims = <Owner>(): FileClaims<Owner> => {
	const settled = new Set<string>();
	const disputed: Array<{owner: Owner; claim: string}> = [];
	return {
		add(owner, files, known) {
			for (const file of files) {
				const stored: Readonly<Record<string, unknown>> = known.find(({id}) => id === file.id) ?? {};
				// What is known of a file is never overwritten with nothing, so only what the row says counts.
				for (const [name, value] of Object.entries(file)) {
					const claim = `${file.id} ${name}`;
					if (stored[name] === value) {
						settled.add(claim);
					} else if (value !== undefined) {
						disputed.push({owner, claim});
					}
				}
			}
		},
		disputedOwners: () => new Set(disputed.filter(({claim}) => !settled.has(claim)).map(({owner}) => owner)),
	};
};
