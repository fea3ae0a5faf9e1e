/**
What a row of an export stands for. An item without versions has no row of a version or a file.
*/
export const rowLevels = ['item', 'version', 'file'] as const;

export type RowLevel = typeof rowLevels[number];
