/* eslint-disable @stylistic/max-len -- word lists and tables */

import type {Dice} from './dice.js';

const list = (text: string) => text.split(' ');

export const adjectives = list('Amber Borrowed Brass Clockwork Copper Crooked Distant Drowned Dusty Eleventh Emerald Faded Feathered Forgotten Frosted Gilded Glass Hollow Honest Hushed Idle Indigo Inland Ivory Jagged Juniper Kindled Lantern Last Lavender Leaden Lesser Lonely Marbled Marmalade Mended Midnight Mossy Nameless Nimble Northern Opal Orphaned Painted Paper Patient Pewter Quiet Quilted Reluctant Restless Saffron Salted Second Silent Singing Sleepless Slate Tangled Thirteenth Tidal Unlit Velvet Wandering');

export const nouns = list('Abacus Almanac Anchor Aviary Balcony Barometer Beacon Beekeeper Bellows Bicycle Cartographer Cellar Chandler Compass Cordage Cradle Dovecote Drawbridge Envelope Ferryman Fiddle Furnace Gatehouse Glazier Gramophone Greenhouse Harpsichord Herring Hourglass Ink Janitor Kettle Keyhole Ladder Lamplighter Ledger Lighthouse Loom Mandolin Meridian Milliner Orchard Organist Parasol Pendulum Piano Postmark Quarry Quayside Ribbon Samovar Sextant Signalman Spindle Staircase Suitcase Teacup Telegraph Thimble Trellis Umbrella Viaduct Watchmaker Windmill');

const places = list('Vellamere Orsa-Tal Quillhaven Dunmarrow Isk Brackwater Ostrava-Nul Pellworth Sandrigg Tollgate Umberley Varn Wexcombe Yarrowby Zeel Ashgrove Bellreach Corvin Dask Eldermoor Fenwick-Sur Gantry Hallow-on-Tide Innisk Jorvale Kestrel-Bay Lowmark Mirrin Nettleby Olvaro');

const verbs = list('discovers inherits repairs forges loses smuggles auctions translates borrows hides maps guards');

export const professions = list('signalman bookbinder ferry-pilot archivist glassblower choirmaster lock-keeper astronomer pastry-cook clockmaker surveyor telegraphist seamstress cartographer veterinarian projectionist');

const moods = list('tender wry restless moonlit stubborn unhurried luminous crooked windswept hopeful');

export const firstNames = list('Ada Alma Anselm Astrid Bela Björn Camille Carmen Cyril Dagny Edda Elio Emeka Esme Fenna Florian Gaspard Greta Hana Hugo Idris Ines Ivo Jana Joaquín Kaito Katya Lars Leila Linnéa Mateo Mira Nadia Nils Noor Oda Olu Osric Paz Petra Quentin Rafael Renske Rosa Sefa Siân Sunniva Tamsin Theo Tove Ulla Umberto Vera Viggo Wanda Willem Xenia Yara Yusuf Zoë');

export const lastNames = list('Abara Almgren Anouilh Ashdown Barrow Belmonte Brandt Calloway Castellane Dahl Devereux Drăgan Ekdal Esposito Falk Fenwright Fontaine Garrick Gjerde Grünwald Hallström Haverkamp Holt Ibarra Ikeda Jansky Jokinen Kaplan Kowal Kristoff Lafarge Lindqvist Lund Makinde Marlowe Mérida Moravec Nakamura Nightingale Novák O\'Dowd Okafor Ortega Osei Pahl Penhallow Petrescu Quist Rademaker Rask Ravel Rönnberg Sabatini Sandoval Sato Schell Sørensen Tanaka Thackeray Thorne Ulloa Valdés Vang Vasquez Verhoeven Wachira Weiss Winterbourne Yıldız Zeller');

export const genres = list('Adventure Animation Comedy Crime Documentary Drama Family Fantasy History Horror Music Mystery Romance Thriller War Western');

export const countries = ['Sweden', 'Norway', 'France', 'Germany', 'Japan', 'Nigeria', 'Brazil', 'United Kingdom', 'Canada', 'Portugal', 'Türkiye', 'India'];

export const studios = ['Lantern Row', 'Kanal Nord', 'Tin Whistle Pictures', 'Paper Moon & Daughters', 'Studio Vellum', 'Harbourside', 'Ninth Gate Films', 'Øresund Bild', 'Blue Thimble', 'Copperplate'];

export const contentRatings = ['gb/U', 'gb/PG', 'gb/12', 'gb/15', 'PG-13', 'de/16', 'nl/12', 'R'];

export const languages = [
	{name: 'English', tag: 'en', code: 'eng'},
	{name: 'Swedish', tag: 'sv', code: 'swe'},
	{name: 'Français', tag: 'fr', code: 'fra'},
	{name: 'Deutsch', tag: 'de', code: 'deu'},
	{name: '日本語', tag: 'ja', code: 'jpn'},
	{name: 'Português', tag: 'pt', code: 'por'},
	{name: 'العربية', tag: 'ar', code: 'ara'},
] as const;

/**
Distinct for the first 20,480 numbers, and not in alphabetical order.
*/
export const inventedTitle = (number: number): string => {
	const pattern = number % 5;
	const pair = (Math.floor(number / 5) * 1637) % (adjectives.length * nouns.length);
	const adjective = adjectives[pair % adjectives.length]!;
	const noun = nouns[Math.floor(pair / adjectives.length)]!;
	const place = places[(number * 7) % places.length]!;
	const lap = number < adjectives.length * nouns.length * 5 ? '' : ` ${Math.floor(number / (adjectives.length * nouns.length * 5)) + 1}`;
	return [
		`The ${adjective} ${noun}`,
		`${adjective} ${noun} of ${place}`,
		`A ${noun} for the ${adjective}`,
		`${place}: The ${adjective} ${noun}`,
		`${noun}, ${adjective} and Late`,
	][pattern]! + lap;
};

const sentence = (dice: Dice): string => {
	const who = `a ${dice.pick(moods)} ${dice.pick(professions)}`;
	const what = `the ${dice.pick(adjectives).toLowerCase()} ${dice.pick(nouns).toLowerCase()}`;
	const where = dice.pick(places);
	return dice.pick([
		`In ${where}, ${who} ${dice.pick(verbs)} ${what} and cannot put it back.`,
		`When ${what} of ${where} falls silent, ${who} is the only one to notice.`,
		`Nobody in ${where} asks why ${who} ${dice.pick(verbs)} ${what} every winter.`,
		`Between ${where} and ${dice.pick(places)}, ${who} learns what ${what} was for.`,
	]).replace(/^./v, letter => letter.toUpperCase());
};

export const inventedSummary = (dice: Dice, sentences: number): string => Array.from({length: sentences}, () => sentence(dice)).join(' ');

export const taglineOf = (dice: Dice): string => `Mind the ${dice.pick(nouns).toLowerCase()}.`;
