import {formatCount, plural} from '../../../base/text/format.js';
import {webAddressOf} from '../../../catalog/web-address.js';
import {say} from '../../messages.js';
import {short} from '../../parts/cells.js';
import {perApp, type EffectContext} from '../../screen-module.js';
import {textOpened} from '../text/screen.js';
import {
	marksMeasured,
	marksToMeasure,
	subjectOf,
	type Subject,
} from './subject.js';
import {copiedText, type CopyChoice} from './texts.js';

/**
Sends a text to the clipboard and says so. Where there is no way to a clipboard, the text is shown, to be selected by hand.
*/
const sendText = ({copy, dispatch}: EffectContext, text: string, what: string) => {
	switch (copy(text)) {
		case 'direct': {
			dispatch(say({text: `Sent to the clipboard: ${what}. A terminal does not answer whether it took it.`, tone: 'good'}));
			break;
		}

		case 'tmux': {
			dispatch(say({text: `Sent to tmux: ${what}. It passes it to the clipboard only with "set-clipboard on" or "allow-passthrough on".`, tone: 'good'}));
			break;
		}

		case 'none': {
			dispatch(textOpened({crumb: 'To copy by hand', text}));
			dispatch(say({text: `This terminal has no clipboard that a program can reach, so the text is here: ${what}.`, tone: 'warn'}));
		}
	}
};

const whatIs = ({services: {index}}: EffectContext, {kind, one, many}: CopyChoice, {itemIds, rowTexts}: Subject): string => {
	const title = itemIds.length === 1 ? index.get(itemIds[0]!)?.title : undefined;
	if (kind === 'row') {
		return rowTexts.length === 1 ? one : `${formatCount(rowTexts.length)} rows`;
	}

	return itemIds.length === 1 ? `${one} of ${title === undefined ? 'the item' : `"${short(title, 40)}"`}` : `${many} of ${plural(itemIds.length, 'item')}`;
};

export const copyChoice = async (context: EffectContext, choice: CopyChoice, subject: Subject): Promise<void> => {
	const {services, dispatch} = context;
	const text = await copiedText(choice.kind, subject, services);
	const what = whatIs(context, choice, subject);
	if (text === undefined) {
		dispatch(say({text: `Too much for a clipboard: ${what}. e writes all records to a file.`, tone: 'warn'}));
	} else if (text === '') {
		dispatch(say({text: `Nothing to copy: the catalogue does not know ${what}.`, tone: 'warn'}));
	} else {
		sendText(context, text, what);
	}
};

export const exportSubject = async ({services, get, dispatch}: EffectContext): Promise<void> => {
	const {itemIds} = subjectOf(get());
	dispatch(say({text: `Writing the records of ${plural(itemIds.length, 'item')} …`, tone: 'plain'}));
	const {file, items} = await services.itemTools.exportTo(itemIds);
	dispatch(say({text: `Written, ${plural(items, 'record')} as NDJSON: ${file}`, tone: 'good'}));
};

/**
Opens the page of an item in Plex Web. Where that cannot be, its address is shown and copied.
*/
export const openInWeb = async (context: EffectContext): Promise<void> => {
	const {services, get, dispatch, copy} = context;
	const item = services.index.get(subjectOf(get()).itemIds[0]!);
	const address = item && webAddressOf(services.header(), item);
	if (item === undefined || address === undefined) {
		dispatch(say({text: 'The server does not list it now, so Plex Web has no page of it.', tone: 'warn'}));
		return;
	}

	const reason = await services.itemTools.openAddress(address);
	if (reason === undefined) {
		dispatch(say({text: `Opened in Plex Web: "${short(item.title, 40)}".`, tone: 'good'}));
		return;
	}

	dispatch(say({text: `${reason}${copy(address) === 'none' ? '' : '; the address was sent to the clipboard'}: ${address}`, tone: 'warn'}));
};

export const playSubject = async ({services, get, dispatch}: EffectContext): Promise<void> => {
	const id = subjectOf(get()).itemIds[0]!;
	const title = short(services.index.get(id)?.title ?? id, 40);
	dispatch(say({text: `Starting mpv for "${title}". Its window ends with reelcat.`, tone: 'plain'}));
	await services.itemTools.play(id);
};

const measuring = perApp(() => ({marks: undefined as ReturnType<typeof marksToMeasure>, timer: undefined as NodeJS.Timeout | undefined}));

/**
Asks for the size of what is marked, once the marks have rested.
*/
export const followMarks = (context: EffectContext): void => {
	const {get, services, dispatch, guard, restMs} = context;
	const known = measuring(context);
	const marks = marksToMeasure(get());
	if (marks === known.marks) {
		return;
	}

	known.marks = marks;
	clearTimeout(known.timer);
	const {itemIds} = marks === undefined ? {itemIds: []} : subjectOf(get());
	if (marks === undefined || itemIds.length === 0) {
		return;
	}

	known.timer = setTimeout(() => {
		void guard(async () => {
			const sizeBytes = await services.itemTools.sizeOf(itemIds);
			if (sizeBytes !== undefined) {
				dispatch(marksMeasured({marks, sizeBytes}));
			}
		});
	}, restMs);
};

export const startMarks = (context: EffectContext) => (): void => {
	clearTimeout(measuring(context).timer);
};
