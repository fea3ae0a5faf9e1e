/**
In a filter, it finds what the server lists in its trash or without its file. No title is likely to have it.
*/
export const trashWord = ':trash';
