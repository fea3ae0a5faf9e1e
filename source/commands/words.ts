/**
Words that the help of a command lists and its work reads.
*/

export const serverActions = ['add', 'use', 'remove', 'merge', 'separate'] as const;

export const serviceActions = ['install', 'remove', 'show'] as const;

export const notifyActions = ['test', 'list', 'example'] as const;

export const queryActions = ['list', 'save', 'remove', 'watch', 'unwatch'] as const;

export const exportActions = ['list', 'save', 'remove'] as const;

export const storeActions = ['migrate', 'password'] as const;

export const shells = ['bash', 'zsh', 'fish'] as const;
