#!/usr/bin/env bash
# guessit takes `Blade Runner (1982) {edition-Final Cut}`, a film named as Plex asks for, for an episode, and subliminal looks for no subtitles of it.
#
# Seen with guessit 3.4.3 and subliminal 2.1.0 (Debian 12, packages python3-guessit and python3-subliminal) (2026-12-01).
#
# Expected: a name with a year and no number of an episode is a film. Names with an edition in braces, as Plex documents
# them, are films with that edition, or, where guessit does not know the edition, at least films.
#
# Seen: the word Final, Pilot or Unaired behind the year, in braces or not, is a detail of an episode, and that alone makes
# an episode of the file, without season and number. subliminal then raises "Insufficient data to process the guess" and
# leaves the file out. With the type given as movie it is a film, but the edition is lost all the same. Other editions are found
# by luck: Extended is one, Extended Edition is the release group `edition-Extended Edition`, and so is each `{tmdb-…}` alone.
#
# Consequence: a program that asks guessit about a library of Plex tells it that the library is one of films, and takes the
# edition from the server or out of the braces by itself.
set -euo pipefail
versions=$(dpkg-query -W -f '${Package} ${Version}\n' python3-guessit python3-subliminal 2>/dev/null | sort | tr '\n' ' ' || true)
case $versions in
	'python3-guessit 3.4.3-'*' python3-subliminal 2.1.0-'*) echo "$versions" ;;
	*) echo "This was seen with python3-guessit 3.4.3 and python3-subliminal 2.1.0 of Debian 12, and here is: ${versions:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >look.py <<'PY'
from guessit import guessit
from subliminal import Video

def look(name, options=None):
    guess = guessit(f'{name}.mkv', options)
    told = {key: guess[key] for key in ('type', 'edition', 'episode_details', 'release_group', 'season', 'episode') if key in guess}
    try:
        video = type(Video.fromguess(f'{name}.mkv', guess)).__name__
    except ValueError as error:
        video = str(error)
    print(f'{name}{" as " + options["type"] if options else ""}: {told}; subliminal: {video}')

look('Blade Runner (1982) {edition-Final Cut}')
look('Blade Runner (1982) {edition-Final Cut}', {'type': 'movie'})
look('Blade Runner (1982) Final Cut')
look('Dune (1984) {edition-Unaired}')
look("Blade Runner (1982) {edition-Director's Cut}")
look('Alien (1979) {edition-Extended}')
look('Alien (1979) {edition-Extended Edition}')
look('Alien (1979) {tmdb-348}')
look('The Final Cut (2004)')
PY
/usr/bin/python3 look.py 2>/dev/null | tee seen.txt
diff - seen.txt <<'SEEN'
Blade Runner (1982) {edition-Final Cut}: {'type': 'episode', 'episode_details': 'Final'}; subliminal: Insufficient data to process the guess
Blade Runner (1982) {edition-Final Cut} as movie: {'type': 'movie', 'episode_details': 'Final'}; subliminal: Movie
Blade Runner (1982) Final Cut: {'type': 'episode', 'episode_details': 'Final'}; subliminal: Insufficient data to process the guess
Dune (1984) {edition-Unaired}: {'type': 'episode', 'episode_details': 'Unaired'}; subliminal: Insufficient data to process the guess
Blade Runner (1982) {edition-Director's Cut}: {'type': 'movie', 'edition': "Director's Cut"}; subliminal: Movie
Alien (1979) {edition-Extended}: {'type': 'movie', 'edition': 'Extended'}; subliminal: Movie
Alien (1979) {edition-Extended Edition}: {'type': 'movie', 'release_group': 'edition-Extended Edition'}; subliminal: Movie
Alien (1979) {tmdb-348}: {'type': 'movie', 'release_group': 'tmdb-348'}; subliminal: Movie
The Final Cut (2004): {'type': 'movie'}; subliminal: Movie
SEEN
