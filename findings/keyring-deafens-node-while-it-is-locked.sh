#!/usr/bin/env bash
# A Node.js program that asks a locked GNOME keyring hears no Ctrl-C any more, and where it asks asynchronously, process.exit() hangs.
#
# Seen with @napi-rs/keyring 2.1.2 from npm on node 24.21.0, gnome-keyring 42.1 (Debian 12, packages gnome-keyring, dbus, xvfb)
# (2026-12-01).
#
# Expected: a locked keyring is an error, as it is where there is no screen ("unlock prompt was dismissed"), or only the call waits;
# the `signal` of AsyncEntry ends it.
#
# Seen: where the session has a screen, the keyring asks for its password there and the call waits for it without an end. This is the
# usual state after an automatic login, and over SSH on such a machine, whose session bus is shared and whose screen is in another
# room. Entry holds up the event loop: timers stand, and a program that listens to SIGINT or SIGTERM can be ended only by SIGKILL.
# With AsyncEntry timers go on and SIGINT is heard, but the `signal` does nothing once the call has begun, and process.exit() waits
# for the thread of the call: the program says goodbye and stays.
#
# Consequence: ask the keyring in a process of its own, which can be killed after a time.
set -euo pipefail
for program in Xvfb dbus-run-session gnome-keyring-daemon npm; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: xvfb, dbus, gnome-keyring, npm)." >&2; exit 2; }
done
version=$(dpkg-query --show --showformat='${Version}' gnome-keyring)
[[ $version == 42.1-* ]] || { echo "This was seen with gnome-keyring 42.1, and here is: $version" >&2; exit 2; }
folder=$(mktemp -d)
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 @napi-rs/keyring@2.1.2
cat >ask.mjs <<'JS'
import {AsyncEntry, Entry} from '@napi-rs/keyring';

const place = ['films', 'token', {linux: {store: 'secret-service'}}];
const [, , how] = process.argv;
if (how === 'put') {
	new Entry(...place).setPassword('secret');
	process.exit();
}

process.on('SIGINT', () => {
	console.log(`${how}: heard SIGINT`);
	process.exit(130);
});
setTimeout(() => {
	console.log(`${how}: a timer after 1 s`);
}, 1000);
const controller = new AbortController();
setTimeout(() => {
	controller.abort();
}, 500);
try {
	console.log(`${how}: ${how === 'Entry' ? new Entry(...place).getPassword() : await new AsyncEntry(...place).getPassword(controller.signal)}`);
} catch (error) {
	console.log(`${how}: ${error.message}`);
	process.exit(1);
}
JS
cat >put.sh <<'SH'
printf 'password of the login' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
node_modules/.bin/node ask.mjs put
SH
cat >look.sh <<'SH'
for how in Entry AsyncEntry; do
	"$(readlink -f node_modules/node/bin/node)" ask.mjs "$how" &
	asking=$!
	sleep 4
	kill -INT "$asking" 2>/dev/null
	sleep 3
	kill -0 "$asking" 2>/dev/null && echo "$how: still there 3 s after SIGINT"
	kill -KILL "$asking" 2>/dev/null
	wait "$asking"
done
SH
mkdir home run
chmod 700 run
export HOME=$folder/home XDG_RUNTIME_DIR=$folder/run
unset DISPLAY WAYLAND_DISPLAY
dbus-run-session -- bash put.sh 2>/dev/null
{
	DISPLAY='' dbus-run-session -- node_modules/.bin/node ask.mjs Entry 2>/dev/null | sed 's/^Entry/no screen/' || true
} >seen.txt
Xvfb -displayfd 3 -nolisten tcp 3>display >/dev/null 2>&1 &
xvfb=$!
trap 'kill "$xvfb"; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
	[[ -s display ]] && break
	sleep 0.1
done
DISPLAY=:$(cat display) dbus-run-session -- bash look.sh 2>/dev/null | grep -E '^(Entry|AsyncEntry):' >>seen.txt || true
cat seen.txt
diff - seen.txt <<'SEEN'
no screen: Couldn't access platform storage: Secret Service: unlock prompt was dismissed
Entry: still there 3 s after SIGINT
AsyncEntry: a timer after 1 s
AsyncEntry: heard SIGINT
AsyncEntry: still there 3 s after SIGINT
SEEN
