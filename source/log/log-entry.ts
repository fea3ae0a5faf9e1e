/**
Least important first.
*/
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = typeof logLevels[number];

export type LogEntry = {
	level: LogLevel;
	/**
	A sentence or less, for a person.
	*/
	message: string;
	/**
	The same for machines. None of these is called `level`, `time` or `msg`.
	*/
	fields?: Readonly<Record<string, unknown>>;
};

export const isAtLeast = (level: LogLevel, least: LogLevel): boolean => logLevels.indexOf(level) >= logLevels.indexOf(least);
