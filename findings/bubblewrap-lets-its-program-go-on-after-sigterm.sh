#!/usr/bin/env bash
# bubblewrap that is ended with SIGTERM lets its program go on, also in a process name space of its own.
#
# Seen with bubblewrap 0.8.0 (Debian 12, package bubblewrap) (2026-12-01). As root, since user name spaces may be off.
#
# Expected: what a supervisor starts as `bwrap … program` gets the signal by which it is stopped, as behind tini,
# dumb-init, firejail or timeout; or, with --unshare-pid, all of the sandbox ends together with bwrap.
#
# Seen: bwrap ends at once, by the signal (143 in a shell), and passes nothing on. The program goes on without a parent,
# with its files, ports and locks, also with --unshare-pid and --as-pid-1. A supervisor takes it for stopped, and the next
# start finds the lock or the port of the old one. With --die-with-parent the program ends too, but by SIGKILL: it has no
# chance to end in order.
#
# Consequence: signal the program itself, let systemd signal the whole control group (its default), or put firejail or
# another program that passes signals on in the place of bwrap.
set -euo pipefail
installed=$(dpkg-query -W -f '${Version}' bubblewrap 2>/dev/null || true)
case $installed in
	0.8.0-*) echo "bubblewrap $installed" ;;
	*) echo "This was seen with bubblewrap 0.8.0 of Debian 12 (package bubblewrap), and here is: ${installed:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/daemon" <<'DAEMON'
#!/usr/bin/env bash
trap 'echo "ended in order" >"$1/end"; exit 0' TERM
echo started >"$1/begin"
for _ in $(seq 40); do sleep 0.1; done
echo "went on" >"$1/end"
DAEMON
chmod +x "$folder/daemon"
look() {
	local name=$1 code=0
	shift
	rm -f "$folder/begin" "$folder/end"
	"$@" "$folder/daemon" "$folder" &
	local wrapper=$!
	until [ -e "$folder/begin" ]; do sleep 0.05; done
	kill -TERM "$wrapper"
	wait "$wrapper" 2>/dev/null || code=$?
	# For longer than the program takes.
	sleep 5
	echo "$name: exit code $code, the program $(cat "$folder/end" 2>/dev/null || echo 'was killed')"
}
{
	look 'no wrapper' env
	look 'bwrap' bwrap --bind / /
	look 'bwrap --unshare-pid' bwrap --bind / / --unshare-pid --proc /proc
	look 'bwrap --unshare-pid --as-pid-1' bwrap --bind / / --unshare-pid --as-pid-1 --proc /proc
	look 'bwrap --die-with-parent' bwrap --bind / / --die-with-parent
} 2>/dev/null | tee "$folder/seen.txt"
diff - "$folder/seen.txt" <<'SEEN'
no wrapper: exit code 0, the program ended in order
bwrap: exit code 143, the program went on
bwrap --unshare-pid: exit code 143, the program went on
bwrap --unshare-pid --as-pid-1: exit code 143, the program went on
bwrap --die-with-parent: exit code 143, the program was killed
SEEN
