#!/usr/bin/env bash
# A filter of rclone with the folder of a film as Plex names it, `Alien (1979) {tmdb-348}`, neither includes nor excludes it.
#
# Seen with rclone 1.60.1 (Debian 12, package rclone), and for comparison rsync 3.5.0, restic 0.14.0, BorgBackup 1.2.4 and tar 1.34
# (2026-12-01).
#
# Expected: braces matter in a pattern only where they hold a choice, as in a shell: `{tmdb-348}` has no comma, so it is a text.
# Bash, Zsh, fish and dash leave it as it is, and so do the exclusions of rsync, restic, borg and tar.
#
# Seen: for rclone it is a choice of one, so the pattern means `Alien (1979) tmdb-348`. `--exclude` copies the folder all the
# same, and `--include` copies nothing; both end with 0, and nothing is said. `\{tmdb-348\}` works, and so does
# `--files-from`, which has no patterns.
#
# Consequence: every film with an id or an edition in its name, as Plex and its companions ask for them, falls through
# such a filter. Who makes filters for rclone out of the paths of a library puts a backslash before braces as well.
set -euo pipefail
versions=$(dpkg-query -W -f '${Package} ${Version}\n' borgbackup rclone restic rsync tar 2>/dev/null | sort | tr '\n' ' ' || true)
case $versions in
	'borgbackup 1.2.4-'*' rclone 1.60.1+'*' restic 0.14.0-'*' rsync 3.5.0+'*' tar 1.34+'*) echo "$versions" ;;
	*) echo "This was seen with borgbackup 1.2.4, rclone 1.60.1, restic 0.14.0, rsync 3.5.0 and tar 1.34 of Debian 12, and here is: ${versions:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME=$folder RESTIC_PASSWORD=films BORG_BASE_DIR=$folder BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
film='Alien (1979) {tmdb-348}'
mkdir -p "films/$film" films/Metropolis
echo film | tee "films/$film/film.mkv" >films/Metropolis/film.mkv
tell() {
	echo "$1: has $(grep -o -e 'Alien' -e 'Metropolis' | sort -u | paste -sd ' ' | sed 's/^$/nothing/')"
}
rclone() { command rclone --config '' "$@"; }
{
	rclone lsf -R --files-only --exclude "/$film/**" films | tell 'rclone --exclude'
	rclone lsf -R --files-only --include "/$film/**" films | tell 'rclone --include'
	rclone lsf -R --files-only --exclude '/Alien (1979) \{tmdb-348\}/**' films | tell 'rclone --exclude with backslashes'
	echo "$film/film.mkv" | rclone lsf -R --files-only --files-from - films | tell 'rclone --files-from'
	rsync -a --list-only --exclude "/$film/" films/ | tell 'rsync --exclude'
	tar --create --directory=films --exclude="./$film" . | tar --list | tell 'tar --exclude'
	restic --quiet --repo restic init
	restic --quiet --repo restic backup films --exclude "$film"
	restic --quiet --repo restic ls latest | tell 'restic --exclude'
	borg init --encryption none borg
	borg create borg::one films --exclude "films/$film"
	borg create borg::two films --exclude "sh:films/$film"
	borg list borg::one | tell 'borg --exclude'
	borg list borg::two | tell 'borg --exclude of the style sh'
} 2>/dev/null | tee seen.txt
diff - seen.txt <<'SEEN'
rclone --exclude: has Alien Metropolis
rclone --include: has nothing
rclone --exclude with backslashes: has Metropolis
rclone --files-from: has Alien
rsync --exclude: has Metropolis
tar --exclude: has Metropolis
restic --exclude: has Metropolis
borg --exclude: has Metropolis
borg --exclude of the style sh: has Metropolis
SEEN
