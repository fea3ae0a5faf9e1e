/**
Orders texts by their code units, the same on every machine.
*/
export const compareText = (left: string, right: string): number => left < right ? -1 : Number(left > right);
