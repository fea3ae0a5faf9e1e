import {perApp, type EffectContext} from '../screen-module.js';
import {moduleOf} from '../screens/registry.js';
import {topScreen} from '../ui-state.js';
import type {PictureWish} from './picture.js';
import {pictureLoaded} from './reduce.js';
import {wishKey} from './state.js';

const mostAtOnce = 2;

type Loads = {
	wanted: ReadonlyMap<string, PictureWish>;
	running: Map<string, AbortController>;
	timer: NodeJS.Timeout | undefined;
};

const loads = perApp((): Loads => ({wanted: new Map(), running: new Map(), timer: undefined}));

const loadOne = async (context: EffectContext, key: string, wish: PictureWish) => {
	const {services, get, dispatch} = context;
	const {running} = loads(context);
	const controller = new AbortController();
	running.set(key, controller);
	const {mode} = get().pictures;
	// A picture that cannot be had is no reason to say anything.
	const picture = await services.pictures?.load({...wish, mode}, {signal: controller.signal}).catch(() => undefined);
	if (running.get(key) === controller) {
		running.delete(key);
	}

	if (!controller.signal.aborted) {
		dispatch(pictureLoaded({key, picture}));
	}

	loadMore(context);
};

const loadMore = (context: EffectContext) => {
	const {wanted, running, timer} = loads(context);
	if (timer !== undefined) {
		return;
	}

	const {known} = context.get().pictures;
	const missing = wanted.entries().filter(([key]) => !known.has(key) && !running.has(key));
	for (const [key, wish] of missing.take(Math.max(0, mostAtOnce - running.size))) {
		void context.guard(async () => loadOne(context, key, wish));
	}
};

const orderOf = (wanted: Loads['wanted']) => wanted.keys().toArray().join('\n');

/**
Asks for the pictures that should be on the screen, the most wanted first, as soon as the cursor rests. What has scrolled past is given up.
*/
export const followPictures = (context: EffectContext): void => {
	const {get, services, restMs} = context;
	const state = get();
	const screen = topScreen(state);
	const wishes = services.pictures === undefined || state.pictures.mode.kind === 'none' ? [] : moduleOf(screen).pictures?.(state, screen, services.index) ?? [];
	const wanted = new Map(wishes.map(wish => [wishKey(state, wish), wish]));
	const loading = loads(context);
	if (orderOf(wanted) === orderOf(loading.wanted)) {
		loadMore(context);
		return;
	}

	loading.wanted = wanted;
	for (const [key, controller] of loading.running.entries().filter(([running]) => !wanted.has(running))) {
		controller.abort();
		loading.running.delete(key);
	}

	clearTimeout(loading.timer);
	loading.timer = wanted.keys().every(key => state.pictures.known.has(key))
		? undefined
		: setTimeout(() => {
			loading.timer = undefined;
			loadMore(context);
		}, restMs);
};

export const stopPictures = (context: EffectContext): void => {
	const {running, timer} = loads(context);
	clearTimeout(timer);
	for (const controller of running.values()) {
		controller.abort();
	}
};
