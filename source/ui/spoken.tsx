import {Static, Text} from 'ink';
import {useEffect, useState} from 'react';
import {clean} from '../base/text/clean.js';
import {formatCount} from '../base/text/format.js';
import type {CatalogIndex} from '../query/types.js';
import {percentOf} from '../sync/share.js';
import type {Store} from './controller.js';
import {crumbs} from './header.js';
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

type Heard = {all: readonly string[]; latest: readonly string[]};

/**
The app for a screen reader. It appends new sentences as plain text, and never overwrites anything.
*/
export function SpokenApp({store, index}: {readonly store: Store; readonly index: CatalogIndex}) {
	const [heard, setHeard] = useState<Heard>({all: [], latest: []});
	useEffect(() => {
		const listen = () => {
			const latest = spokenSentences(store.get(), index);
			setHeard(before => {
				const added = latest.filter(text => text !== '' && !before.latest.includes(text));
				return added.length === 0 && latest.length === before.latest.length ? before : {all: [...before.all, ...added], latest};
			});
		};

		listen();
		return store.subscribe(listen);
	}, [store, index]);
	return (
		<Static items={[...heard.all]}>
			{(text, number) => <Text key={number}>{text}</Text>}
		</Static>
	);
}
