/**
The two ways in which a server sends notifications.
*/
export type Via = 'websocket' | 'sse';

export type PushNews =
	/**
	From now on hints come. What happened before is never sent again, so a look at everything is due.
	*/
	| {type: 'connected'; via: Via; isFirst: boolean}
	/**
	Not connected, and soon tried again.
	*/
	| {type: 'connecting'; reason: string; retryMs: number}
	/**
	None can be had; asked for again after a long while.
	*/
	| {type: 'polling'; reason: string; retryMs: number};

export type NotificationState = {
	state: 'connected' | 'connecting' | 'polling' | 'off';
	via?: Via;
	/**
	ISO instant of the last change of `state`.
	*/
	since: string;
	/**
	Of the last notification, whatever it told.
	*/
	lastEventAt?: string;
	/**
	Why it is not connected, a sentence.
	*/
	reason?: string;
};

export const stateAfter = ({state, since, lastEventAt}: NotificationState, news: PushNews, at: string): NotificationState => ({
	state: news.type,
	since: state === news.type ? since : at,
	...(lastEventAt !== undefined && {lastEventAt}),
	...(news.type === 'connected' ? {via: news.via} : {reason: news.reason}),
});
