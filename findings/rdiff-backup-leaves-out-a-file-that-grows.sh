#!/usr/bin/env bash
# rdiff-backup leaves a file that grows while it is copied out of the backup, and ends with 0.
#
# Seen with rdiff-backup 2.2.2 (Debian 12, package rdiff-backup) (2026-12-01).
#
# Expected: a file to which a program appends, such as a log or a journal, is in the backup with what it had at some
# moment, as with tar, rsync, restic and Borg, of which tar and Borg warn and end with 1.
#
# Seen: a file that has another size or time after it was copied than before is thrown away again. In a first backup it
# is missing, later it stays as it was at the last quiet moment. `verify` finds everything in order, and the exit code is
# 0 each time; one line on stderr warns. A file that never rests for as long as it takes to copy is never in any backup.
#
# Consequence: copy such files from a snapshot, or while their program rests. Whoever watches over backups by the exit
# code must look for "UpdateError" in the output as well.
set -euo pipefail
installed=$(dpkg-query -W -f '${Version}' rdiff-backup 2>/dev/null || true)
case $installed in
	2.2.2-*) echo "rdiff-backup $installed" ;;
	*) echo "This was seen with rdiff-backup 2.2.2 of Debian 12 (package rdiff-backup), and here is: ${installed:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'touch "$folder/stop"; wait; rm -rf "$folder"' EXIT
mkdir "$folder/source"
head -c 20000000 /dev/zero | tr '\0' 'a' >"$folder/source/journal"
echo 'A Trip to the Moon (1902)' >"$folder/source/films.txt"
backup() {
	local code=0
	rdiff-backup --new backup "$folder/source" "$folder/backup" >"$folder/out" 2>&1 || code=$?
	echo "$1: exit code $code, $(grep -c 'UpdateError' "$folder/out" || true) warning, the backup holds: $(ls "$folder/backup" | grep -v rdiff-backup-data | tr '\n' ' ' | sed 's/ $//')"
}
grow() {
	until [ -e "$folder/stop" ]; do
		echo 'one more line' >>"$folder/source/journal"
		sleep 0.005
	done
}
rest() {
	touch "$folder/stop"
	wait
	rm "$folder/stop"
	sleep 1.1
}
{
	grow &
	backup 'while it grows'
	rest
	code=0
	rdiff-backup --new verify "$folder/backup" >/dev/null 2>&1 || code=$?
	echo "verify of that backup: exit code $code"
	backup 'at rest'
	cp "$folder/backup/journal" "$folder/before"
	sleep 1.1
	grow &
	backup 'while it grows again'
	rest
	cmp --silent "$folder/before" "$folder/backup/journal" && echo 'the journal in the backup is the one from before'
} | tee "$folder/seen.txt"
diff - "$folder/seen.txt" <<'SEEN'
while it grows: exit code 0, 1 warning, the backup holds: films.txt
verify of that backup: exit code 0
at rest: exit code 0, 0 warning, the backup holds: films.txt journal
while it grows again: exit code 0, 1 warning, the backup holds: films.txt journal
the journal in the backup is the one from before
SEEN
