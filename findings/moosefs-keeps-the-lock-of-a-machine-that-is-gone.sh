#!/usr/bin/env bash
# A lock of a file on MooseFS stays after the mount that held it has died, with its machine or by SIGKILL, and the next mount finds the file locked.
#
# Seen with MooseFS 3.0.117 (Debian 12, packages moosefs-master, moosefs-client and moosefs-cli) (2026-12-01). This needs root.
#
# Expected: a lock is there to keep a second writer out while the first one lives. When a machine goes down, NFS gives its locks back after a
# lease of about 90 seconds, and SQLite and others rely on a lock being gone with its owner.
#
# Seen: the master keeps the session of a mount that has gone without an unmount for a day (86,400 seconds, SESSION_SUSTAIN_TIME), and the
# locks of the session with it, those of flock as well as those of fcntl. Neither a new mount by the same machine at the
# same place ends it, nor does the end of the program. `mfscli -SAL` shows the lock, `mfscli -SMS` the session, and `mfscli -CRS/1` ends
# session 1, with which the lock is free. An ordinary unmount frees it as well.
#
# Consequence: after a power cut, a program that locks its files (SQLite, a package manager, mail) starts again only on the next day.
set -euo pipefail
moosefs=$(dpkg-query --show --showformat='${Version}' moosefs-master moosefs-client moosefs-cli 2>/dev/null || true)
case $moosefs in
	3.0.117-13.0.117-13.0.117-1) ;;
	*) echo "This was seen with MooseFS 3.0.117 of Debian 12 (packages moosefs-master, moosefs-client and moosefs-cli), and here is: ${moosefs:-none}." >&2; exit 2 ;;
esac
if [ "$(id -u)" != 0 ] || [ ! -e /dev/fuse ]; then
	echo 'This needs root and /dev/fuse.' >&2
	exit 2
fi
# The master refuses addresses of 127, so lo gets another one in a network of its own.
if [ "${1:-}" != inside ]; then
	exec unshare --net --mount bash "$0" inside
fi
echo 'MooseFS 3.0.117-1'
ip link set lo up
ip address add 10.9.9.9/32 dev lo
folder=$(mktemp -d)
mount=
trap 'umount -l "$folder/mount" 2>/dev/null || true; mfsmaster -c "$folder/conf" stop >/dev/null 2>&1 || true; kill -9 "$mount" 2>/dev/null || true; rm -rf "$folder"' EXIT
mkdir "$folder/data" "$folder/mount"
cp /var/lib/mfs/metadata.mfs.empty "$folder/data/metadata.mfs"
touch "$folder/topology"
echo '10.9.9.9 / rw,alldirs,admin,maproot=0:0' >"$folder/exports"
cat >"$folder/conf" <<CONF
WORKING_USER = root
WORKING_GROUP = root
DATA_PATH = $folder/data
EXPORTS_FILENAME = $folder/exports
TOPOLOGY_FILENAME = $folder/topology
MATOML_LISTEN_HOST = 10.9.9.9
MATOCS_LISTEN_HOST = 10.9.9.9
MATOCL_LISTEN_HOST = 10.9.9.9
CONF
mfsmaster -c "$folder/conf" start >"$folder/said" 2>&1 || { cat "$folder/said" >&2; exit 1; }
mountIt() {
	mfsmount -f "$folder/mount" -H 10.9.9.9 >/dev/null 2>&1 &
	mount=$!
	until mountpoint --quiet "$folder/mount"; do sleep 0.2; done
}
cat >"$folder/lock.pl" <<'PERL'
use Fcntl qw(:DEFAULT :flock);
my ($folder, $kind, $seconds) = @ARGV;
open my $file, '+>', "$folder/$kind" or die;
my $all = pack('s s l! l! i', F_WRLCK, 0, 0, 0, 0);
($kind eq 'flock' ? flock($file, LOCK_EX | LOCK_NB) : fcntl($file, F_SETLK, $all)) or exit print "$kind locked\n";
$| = 1;
print "$kind free\n";
sleep $seconds;
PERL
ask() {
	echo "$1: $(for kind in flock fcntl; do perl "$folder/lock.pl" "$folder/mount" "$kind" 0 || true; done | paste -sd ,)"
}
hold() {
	holders=()
	for kind in flock fcntl; do
		perl "$folder/lock.pl" "$folder/mount" "$kind" 1000 >"$folder/held" &
		holders+=($!)
		until [ -s "$folder/held" ]; do sleep 0.1; done
		rm "$folder/held"
	done
}
end() {
	kill -9 "$@"
	wait "$@" 2>/dev/null || true
}
{
	mountIt
	hold
	ask 'while they are held'
	end "${holders[@]}"
	ask 'after their holders were killed'
	hold
	end "$mount" "${holders[@]}"
	umount -l "$folder/mount"
	mountIt
	sleep 100
	ask '100 seconds after the mount died'
	left=$(mfscli -H 10.9.9.9 -n -s ' ' -SMS | sed -n 's/^inactive mounts.* \([0-9]*\)$/\1/p')
	echo "the session is kept for $(((left + 3599) / 3600)) hours"
	mfscli -H 10.9.9.9 -CRS/1
	ask 'after the session was removed'
} >"$folder/seen.txt"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'SEEN'
while they are held: flock locked,fcntl locked
after their holders were killed: flock free,fcntl free
100 seconds after the mount died: flock locked,fcntl locked
the session is kept for 24 hours
Session 1 has been removed
after the session was removed: flock free,fcntl free
SEEN
