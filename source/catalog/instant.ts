/**
Formats a date as all instants of the catalogue: ISO 8601 in UTC with whole seconds.
*/
export const instantOf = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
