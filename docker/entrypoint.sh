#!/bin/sh
# The command "reelcat" in the container, for its start, the health check and "docker exec". It never runs reelcat as root.
set -eu

fail() {
	echo "reelcat: $1" >&2
	exit 2
}

uid=${PUID:-1000}
gid=${PGID:-1000}
config=${REELCAT_VOLUME:-/config}
program=${REELCAT_PROGRAM:-/app/dist/cli.js}

case $uid in '' | *[!0-9]*) fail "PUID must be the number of a user, but is \"$uid\"." ;; esac
case $gid in '' | *[!0-9]*) fail "PGID must be the number of a group, but is \"$gid\"." ;; esac
case ${UMASK:=077} in [0-7][0-7][0-7] | 0[0-7][0-7][0-7]) umask "$UMASK" ;; *) fail "UMASK must be an octal number such as 077, but is \"$UMASK\"." ;; esac

if [ "$(id -u)" != 0 ]; then
	# With "user:" in compose, or --user, there are no rights to drop, and PUID has no effect.
	exec node "$program" "$@"
fi

if [ "$uid" -eq 0 ]; then
	fail 'PUID must not be 0: reelcat needs no root. Set it to the user who owns the folder of /config.'
fi

# Do this only when the folder belongs to somebody else, because a large catalogue has many files. Links are not followed.
if [ "$(stat -c %u:%g "$config")" != "$uid:$gid" ]; then
	find "$config" -xdev \( ! -user "$uid" -o ! -group "$gid" \) -exec chown -h "$uid:$gid" {} + \
		|| echo "reelcat: not everything in $config could be given to user $uid, group $gid. If it is a network disk, set its owner there, or set PUID and PGID to that owner." >&2
fi

exec setpriv --reuid="$uid" --regid="$gid" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all node "$program" "$@"
