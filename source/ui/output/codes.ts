/**
What is said to the terminal. Rows and columns count from 1.
*/
const csi = '\u{1B}[';

export const goTo = (row: number, column: number): string => column === 1 ? `${csi}${row}H` : `${csi}${row};${column}H`;

export const eraseToEnd = `${csi}K`;

export const eraseScreen = `${csi}H${csi}J`;

/**
Text that is too wide ends at the edge instead of running into the next row.
*/
export const withoutWrap = (text: string): string => `${csi}?7l${text}${csi}?7h`;

/**
Move the rows from `top` to `bottom` by `distance`, upwards when it is negative. What moves out is lost, what comes in is blank.

With inserted and deleted lines, as the Linux console has no other way; the region keeps the rows below in their place.
*/
export const moveRows = (top: number, bottom: number, distance: number): string =>
	`${csi}${top};${bottom}r${goTo(top, 1)}${csi}${Math.abs(distance)}${distance < 0 ? 'M' : 'L'}${csi}r`;
