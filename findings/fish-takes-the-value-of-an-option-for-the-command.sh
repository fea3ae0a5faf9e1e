#!/usr/bin/env bash
# In fish, a completion with __fish_use_subcommand offers nothing behind an option that has a value.
#
# Seen with fish 3.6.0 (Debian 12, package fish) (2026-11-30).
#
# Expected: `complete -l server -x` tells fish that --server takes a value, so behind `tool --server attic` the commands of
# the tool are offered, as its own helpers __fish_use_subcommand and __fish_seen_subcommand_from are made for that.
#
# Seen: both helpers look only at the words and know nothing of the options. The first takes every word without a hyphen for a
# command, so after the value of an option no command is offered any more, nor an option that belongs to the tool itself.
# The second takes a value for a command if it is spelt like one.
#
# Consequence: a script for fish needs a function of its own that skips the values. `--server=attic` works with both.
set -euo pipefail
fish=$(dpkg-query -W -f '${Version}' fish 2>/dev/null || true)
case $fish in
	3.6.0-*) echo "fish $fish" ;;
	*) echo "This was seen with fish 3.6.0 of Debian 12 (package fish), and here is: ${fish:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >tool.fish <<'FISH'
complete -c tool -f
complete -c tool -l server -x -d 'Which server'
complete -c tool -n __fish_use_subcommand -a export
complete -c tool -n __fish_use_subcommand -a list
complete -c tool -n '__fish_seen_subcommand_from list' -l sort -x
FISH
look() {
	local offered
	offered=$(HOME=$folder fish --no-config -c 'source tool.fish; complete -C $argv[1]' "$1" | cut -f 1 | paste -s -d ' ')
	echo "$1: ${offered:-nothing}"
}
{
	look 'tool ex'
	look 'tool --server=attic ex'
	look 'tool --server attic ex'
	look 'tool list --so'
	look 'tool --server list --so'
} | tee seen.txt
diff - seen.txt <<'SEEN'
tool ex: export
tool --server=attic ex: export
tool --server attic ex: nothing
tool list --so: --sort
tool --server list --so: --sort
SEEN
