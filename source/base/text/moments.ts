/**
Formats instants for a dashboard, short enough for a column.
*/
export type Moments = {
	/**
	`3 min ago`, or the time of day where the screen may not change by itself.
	*/
	past: (instant: string) => string;
	/**
	`in 12 min`, `due`; or `at 14:30`.
	*/
	future: (instant: string) => string;
	/**
	`14:30`, or `01-14 14:30` on another day.
	*/
	clock: (instant: string) => string;
};

const minuteMs = 60_000;
const minutesOfHour = 60;
const minutesOfTwoDays = 2 * 24 * 60;

/**
Times are in minutes, hours and days, so that a line changes once a minute at most. With `isStill`, for a slow connection, they are times of day, which never change.
*/
export const createMoments = (now: Date, isStill: boolean): Moments => {
	const clock = (instant: string) => {
		const date = new Date(instant);
		if (Number.isNaN(date.getTime())) {
			return instant;
		}

		const time = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
		return date.toDateString() === now.toDateString() ? time : `${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${time}`;
	};

	const minutesTo = (instant: string) => (Date.parse(instant) - now.getTime()) / minuteMs;
	return {
		clock,
		past(instant) {
			const minutes = Math.floor(-minutesTo(instant));
			if (isStill || Number.isNaN(minutes)) {
				return clock(instant);
			}

			return minutes < 1 ? 'just now' : `${spell(minutes)} ago`;
		},
		future(instant) {
			const minutes = Math.ceil(minutesTo(instant));
			if (isStill || Number.isNaN(minutes)) {
				return `at ${clock(instant)}`;
			}

			return minutes < 1 ? 'due' : `in ${spell(minutes)}`;
		},
	};
};

const pad = (part: number) => String(part).padStart(2, '0');

const spell = (minutes: number) => {
	if (minutes < minutesOfHour) {
		return `${minutes} min`;
	}

	return minutes < minutesOfTwoDays ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
};
