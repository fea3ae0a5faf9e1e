import {Static, Text} from 'ink';
import {useEffect, useState} from 'react';
import type {AppProps} from './app.js';
import {spokenSentences} from './spoken.js';

type SpokenProps = Pick<AppProps, 'store' | 'index'>;

type Heard = {
	all: readonly string[];
	latest: readonly string[];
};

/**
The app for a screen reader: what is new is appended as plain text, and nothing that was said is ever written over.
*/
export function SpokenApp({store, index}: SpokenProps) {
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
