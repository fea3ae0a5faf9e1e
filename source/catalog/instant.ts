/**
ISO 8601 in UTC with whole seconds, as everything in the catalogue.
*/
export const instantOf = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
