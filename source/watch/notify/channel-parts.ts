import type {Clock} from '../../base/clock.js';
import type {WrittenChannel} from './config-schema.js';
import type {NotifyHttp} from './http.js';

/**
What channels are made of.
*/
export type ChannelParts = {
	http: NotifyHttp;
	clock: Clock;
};

/**
A channel as it stands in `notify.json`, its secrets in their places.
*/
export type Written<Kind extends WrittenChannel['kind']> = Extract<WrittenChannel, {kind: Kind}>;
