import {Static, Text} from 'ink';
import {useEffect, useState} from 'react';
import {clean} from '../base/text/clean.js';
import {formatCount} from '../base/text/format.js';
import type {CatalogIndex} from '../query/types.js';
import {percentOf} from '../sync/share.js';
import type {Store} from './controller.js';
import {crumbs} from './header.js';
import {wrapText} from './parts/wrap.js';
import {moduleOf} from './screens/registry.js';
import {alarmSentences} from './screens/watch/spoken.js';
import {whichKeySentences} from './which-key.js';
import {topScreen, type UiState} from './ui-state.js';

/**
The screen as sentences for a screen reader. The app says only the new ones, so each must change only when it is worth hearing.
*/
export const spokenSentences = (state: UiState, index: Pick<CatalogIndex, 'get'>): string[] => {
	const screen = topScreen(state);
	const {spokenName, spoken} = moduleOf(screen);
	return [
		...state.notice === undefined ? [] : [state.notice],
		...state.readOnlyReason === undefined ? [] : [state.readOnlyReason],
		`Screen: ${spokenName}. ${crumbs(state).join(', ')}. Press question mark for the keys.`,
		...spoken(state, screen, index),
		...whichKeySentences(state),
		...progressSentences(state),
		...alarmSentences(state),
		...state.message === undefined ? [] : [state.message.text],
	].map(text => clean(text));
};

const progressSentences = ({job}: UiState): string[] => job.status === 'none'
	? []
	: job.progress.libraries.map(({title, share, expected, phase}) => {
		const step = Math.floor(percentOf(share) / 10) * 10;
		return phase === 'importing'
			? `${title}: about ${formatCount(Math.floor(expected * step / 100))} of ${formatCount(expected)}, ${step} percent.`
			: `${title}: ${phase}.`;
	});

type Heard = {
	said: readonly string[];
	latest: readonly string[];
	waiting: readonly string[];

	/**
	How many lines may still be said before the next pause.
	*/
	room: number;
};

// Fenrir looks at the screen and knows nothing of what has left it, so a long text comes one screen at a time.
const pauseMs = 400;
const fullRoom = (rows: number) => Math.max(1, rows - 2);

/**
Says what fits before the next pause. Lines end between words, because a terminal would break them within a word, which is then read as two.
*/
const say = (heard: Heard, {columns, rows}: UiState['size']): Heard => {
	const said = [...heard.said];
	const waiting = [...heard.waiting];
	let {room} = heard;
	while (waiting.length > 0) {
		const lines = wrapText(waiting[0]!, columns);
		if (lines.length > room && room < fullRoom(rows)) {
			break;
		}

		said.push(...lines);
		waiting.shift();
		room = Math.max(0, room - lines.length);
	}

	return {
		...heard, said, waiting, room,
	};
};

/**
The app for a screen reader. It appends new sentences as plain text, and never overwrites anything. What is out of date before it could be said is left out.
*/
export function SpokenApp({store, index}: {readonly store: Store; readonly index: CatalogIndex}) {
	const full = fullRoom(store.get().size.rows);
	const [heard, setHeard] = useState<Heard>({
		said: [], latest: [], waiting: [], room: full,
	});
	useEffect(() => {
		const listen = () => {
			const {size} = store.get();
			const latest = spokenSentences(store.get(), index);
			setHeard(before => {
				const added = latest.filter(text => text !== '' && !before.latest.includes(text));
				return added.length === 0 && latest.length === before.latest.length
					? before
					: say({...before, latest, waiting: [...before.waiting.filter(text => latest.includes(text)), ...added]}, size);
			});
		};

		listen();
		return store.subscribe(listen);
	}, [store, index]);
	const hasSpoken = heard.room < full;
	useEffect(() => {
		if (!hasSpoken) {
			return;
		}

		const timer = setInterval(() => {
			setHeard(before => say({...before, room: full}, store.get().size));
		}, pauseMs);
		return () => {
			clearInterval(timer);
		};
	}, [store, full, hasSpoken]);
	return (
		<Static items={[...heard.said]}>
			{(text, number) => <Text key={number}>{text}</Text>}
		</Static>
	);
}
