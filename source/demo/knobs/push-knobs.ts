import type {DemoLibrary} from '../library/library.js';
import {scanFrames, type PushListener, type Sendable} from '../push/listener.js';

export type PushMode = 'both' | 'sse' | 'none';

/**
Looks into the notifications of the demo server and disturbs them.
*/
export type DemoPush = {
	/**
	Sends to everyone who listens.
	*/
	send: (frame: Sendable) => void;
	/**
	Counts who listens now.
	*/
	connections: () => {websocket: number; sse: number};
	/**
	Cuts all connections.
	*/
	drop: () => void;
	/**
	Plays dead, as a machine without power: those who listen now get neither notifications nor pongs nor an end, until this is reverted. Later listeners are served.
	*/
	freeze: (isFrozen: boolean) => void;
	/**
	Turns every new listener away with this status.
	*/
	refuse: (status: number | undefined) => void;
	/**
	Reports a scan of the section that finds nothing new; `scannedAt` moves.
	*/
	scan: (sectionKey: string) => void;
};

type PushKnobsOptions = Pick<DemoPush, 'send' | 'refuse'> & {
	listeners: ReadonlySet<PushListener>;
	library: DemoLibrary;
};

export const createPushKnobs = ({listeners, library, send, refuse}: PushKnobsOptions): DemoPush => {
	const count = (via: PushListener['via']) => listeners.values().filter(listener => listener.via === via).toArray().length;

	return {
		send,
		connections: () => ({websocket: count('websocket'), sse: count('sse')}),
		drop() {
			for (const {cut} of listeners) {
				cut();
			}
		},
		freeze(isFrozen) {
			for (const listener of listeners) {
				listener.isFrozen = isFrozen;
			}
		},
		refuse,
		scan(sectionKey) {
			const section = library.sections().find(({key}) => key === sectionKey);
			if (section === undefined) {
				throw new Error(`There is no section ${sectionKey}.`);
			}

			library.changeSection(sectionKey, {scannedAt: section.scannedAt + 1});
			for (const frame of scanFrames(section)) {
				send(frame);
			}
		},
	};
};
