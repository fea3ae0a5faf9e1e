const pattern = /^\d{8}T\d{6}Z-[\w\-]{1,8}\.log$/v;

/**
The name of a run's log: names of a later time sort after those of an earlier one.

@example
```
logName({id: 'r0123456789abcdef', startedAt: new Date('2026-11-23T02:15:00Z')}); //=> '20261123T021500Z-r0123456.log'
```
*/
export const logName = ({id, startedAt}: {id: string; startedAt: Date}): string =>
	`${startedAt.toISOString().slice(0, 19).replaceAll(/[\-:]/gv, '')}Z-${id.slice(0, 8)}.log`;

export const isLogName = (name: string): boolean => pattern.test(name);
