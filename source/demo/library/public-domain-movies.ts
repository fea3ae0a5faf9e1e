/* eslint-disable @stylistic/max-len -- word lists and tables */

import type {MovieFacts} from './movie-row.js';

/**
Films that are in the public domain in most of the world, with their true facts.
*/
export const publicDomainMovies: readonly MovieFacts[] = [
	{
		title: 'A Trip to the Moon', year: 1902, minutes: 13, originalTitle: 'Le Voyage dans la Lune', studio: 'Star-Film', countries: ['France'], genres: ['Adventure', 'Fantasy', 'Science Fiction'], directors: ['Georges Méliès'], writers: ['Georges Méliès'],
		cast: [['Georges Méliès', 'Professor Barbenfouillis'], ['Bleuette Bernon', 'Phoebe'], ['Henri Delannoy', 'Captain of the rocket']],
	},
	{
		title: 'The Great Train Robbery', year: 1903, minutes: 12, studio: 'Edison', countries: ['United States'], genres: ['Western', 'Crime'], directors: ['Edwin S. Porter'], writers: ['Edwin S. Porter'],
		cast: [['Justus D. Barnes', 'Bandit leader'], ['G. M. Anderson', 'Dancing tenderfoot']],
	},
	{
		title: 'The Cabinet of Dr. Caligari', year: 1920, minutes: 76, originalTitle: 'Das Cabinet des Dr. Caligari', studio: 'Decla-Bioscop', countries: ['Germany'], genres: ['Horror', 'Mystery', 'Thriller'], directors: ['Robert Wiene'], writers: ['Carl Mayer', 'Hans Janowitz'],
		cast: [['Werner Krauss', 'Dr. Caligari'], ['Conrad Veidt', 'Cesare'], ['Friedrich Fehér', 'Francis'], ['Lil Dagover', 'Jane Olsen']],
	},
	{
		title: 'The Golem: How He Came into the World', year: 1920, originalTitle: 'Der Golem, wie er in die Welt kam', countries: ['Germany'], genres: ['Fantasy', 'Horror'], directors: ['Paul Wegener', 'Carl Boese'], writers: ['Paul Wegener', 'Henrik Galeen'],
		cast: [['Paul Wegener', 'The Golem'], ['Albert Steinrück', 'Rabbi Loew'], ['Lyda Salmonova', 'Miriam']],
	},
	{
		title: 'The Kid', year: 1921, minutes: 68, studio: 'First National', countries: ['United States'], genres: ['Comedy', 'Drama', 'Family'], directors: ['Charlie Chaplin'], writers: ['Charlie Chaplin'],
		cast: [['Charlie Chaplin', 'The Tramp'], ['Jackie Coogan', 'The Kid'], ['Edna Purviance', 'The Woman']],
	},
	{
		title: 'Nosferatu', year: 1922, minutes: 94, originalTitle: 'Nosferatu, eine Symphonie des Grauens', studio: 'Prana-Film', countries: ['Germany'], genres: ['Horror', 'Fantasy'], directors: ['F. W. Murnau'], writers: ['Henrik Galeen'],
		cast: [['Max Schreck', 'Count Orlok'], ['Gustav von Wangenheim', 'Thomas Hutter'], ['Greta Schröder', 'Ellen Hutter'], ['Alexander Granach', 'Knock']],
	},
	{
		title: 'Häxan', year: 1922, minutes: 105, countries: ['Sweden', 'Denmark'], genres: ['Documentary', 'Horror', 'History'], directors: ['Benjamin Christensen'], writers: ['Benjamin Christensen'],
		cast: [['Benjamin Christensen', 'The Devil'], ['Maren Pedersen', 'The Witch']],
	},
	{
		title: 'Safety Last!', year: 1923, minutes: 73, studio: 'Hal Roach Studios', countries: ['United States'], genres: ['Comedy', 'Romance'], directors: ['Fred C. Newmeyer', 'Sam Taylor'],
		cast: [['Harold Lloyd', 'The Boy'], ['Mildred Davis', 'The Girl'], ['Bill Strother', 'The Pal']],
	},
	{
		title: 'Sherlock Jr.', year: 1924, minutes: 45, countries: ['United States'], genres: ['Comedy', 'Fantasy'], directors: ['Buster Keaton'],
		cast: [['Buster Keaton', 'Projectionist'], ['Kathryn McGuire', 'The Girl'], ['Joe Keaton', 'The Girl\'s Father']],
	},
	{
		title: 'Battleship Potemkin', year: 1925, minutes: 75, originalTitle: 'Броненосец Потёмкин', studio: 'Goskino', countries: ['Soviet Union'], genres: ['Drama', 'History', 'War'], directors: ['Sergei Eisenstein'],
		cast: [['Aleksandr Antonov', 'Vakulinchuk'], ['Vladimir Barsky', 'Commander Golikov'], ['Grigori Aleksandrov', 'Chief Officer Giliarovsky']],
	},
	{
		title: 'The Gold Rush', year: 1925, minutes: 95, studio: 'United Artists', countries: ['United States'], genres: ['Comedy', 'Adventure', 'Drama'], directors: ['Charlie Chaplin'], writers: ['Charlie Chaplin'],
		cast: [['Charlie Chaplin', 'The Lone Prospector'], ['Georgia Hale', 'Georgia'], ['Mack Swain', 'Big Jim McKay']],
	},
	{
		title: 'The Phantom of the Opera', year: 1925, minutes: 93, studio: 'Universal', countries: ['United States'], genres: ['Horror', 'Music', 'Romance'], directors: ['Rupert Julian'],
		cast: [['Lon Chaney', 'Erik, The Phantom'], ['Mary Philbin', 'Christine Daaé'], ['Norman Kerry', 'Vicomte Raoul de Chagny']],
	},
	{
		title: 'The General', year: 1926, minutes: 79, studio: 'United Artists', countries: ['United States'], genres: ['Action', 'Comedy', 'War'], directors: ['Clyde Bruckman', 'Buster Keaton'],
		cast: [['Buster Keaton', 'Johnnie Gray'], ['Marion Mack', 'Annabelle Lee'], ['Glen Cavender', 'Captain Anderson']],
	},
	{
		title: 'The Adventures of Prince Achmed', year: 1926, originalTitle: 'Die Abenteuer des Prinzen Achmed', countries: ['Germany'], genres: ['Animation', 'Fantasy', 'Adventure'], directors: ['Lotte Reiniger'], writers: ['Lotte Reiniger'], cast: [],
	},
	{
		title: 'Metropolis', year: 1927, minutes: 153, studio: 'UFA', countries: ['Germany'], genres: ['Drama', 'Science Fiction'], directors: ['Fritz Lang'], writers: ['Thea von Harbou'],
		cast: [['Brigitte Helm', 'Maria'], ['Alfred Abel', 'Joh Fredersen'], ['Gustav Fröhlich', 'Freder Fredersen'], ['Rudolf Klein-Rogge', 'C. A. Rotwang']],
	},
	{
		title: 'Sunrise: A Song of Two Humans', year: 1927, minutes: 94, studio: 'Fox', countries: ['United States'], genres: ['Drama', 'Romance'], directors: ['F. W. Murnau'], writers: ['Carl Mayer'],
		cast: [['George O\'Brien', 'The Man'], ['Janet Gaynor', 'The Wife'], ['Margaret Livingston', 'The Woman from the City']],
	},
	{
		title: 'Steamboat Bill, Jr.', year: 1928, minutes: 70, studio: 'United Artists', countries: ['United States'], genres: ['Comedy', 'Family'], directors: ['Charles Reisner'],
		cast: [['Buster Keaton', 'William Canfield, Jr.'], ['Ernest Torrence', 'William "Steamboat Bill" Canfield, Sr.'], ['Marion Byron', 'Kitty King']],
	},
	{
		title: 'Man with a Movie Camera', year: 1929, minutes: 68, originalTitle: 'Человек с киноаппаратом', studio: 'VUFKU', countries: ['Soviet Union'], genres: ['Documentary'], directors: ['Dziga Vertov'], writers: ['Dziga Vertov'], cast: [['Mikhail Kaufman', 'The Cameraman']],
	},
];
