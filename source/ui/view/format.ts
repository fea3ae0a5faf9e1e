import {formatDistanceStrict} from 'date-fns/formatDistanceStrict';

/**
`3 days ago`; what is no instant comes back as it is.
*/
export const relative = (instant: string, now: Date): string => {
	const date = new Date(instant);
	return Number.isNaN(date.getTime()) ? instant : formatDistanceStrict(date, now, {addSuffix: true});
};
