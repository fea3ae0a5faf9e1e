import * as z from 'zod';
import {AppError} from '../base/errors.js';

/**
Finds out whether a later version of reelcat wrote a file with a stamp such as `{"format": "reelcat-notices", "version": 1}`, for `createKeptFile`.
*/
export const newerStamp = (stamp: {format: string; version: number}, file: string, hint: string): ((json: unknown) => AppError | undefined) => {
	const schema = z.object({format: z.literal(stamp.format), version: z.int()});
	return json => {
		const {data} = schema.safeParse(json);
		return data === undefined || data.version <= stamp.version ? undefined : new AppError('newer', `${file} was written by a newer reelcat.`, {hint});
	};
};
