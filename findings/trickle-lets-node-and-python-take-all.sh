#!/usr/bin/env bash
# trickle, which slows a program down, lets Node.js, Python and Perl take as much as they can, without a word; curl and wget are slowed down.
#
# Seen with trickle 1.07 (Debian 12, package trickle), Node.js 24, Python 3.11 and Perl 5.36 (2026-12-01).
#
# Expected: `trickle -s -d 50 PROGRAM` lets the program receive 50 kB in a second. Its manual says so of any SOCK_STREAM connection that
# socket(2) makes in a program that is linked dynamically and not setuid, and all of these are such programs.
#
# Seen: trickle notes only sockets whose type is SOCK_STREAM and nothing else. What asks in the same call for a socket that no program
# inherits (SOCK_CLOEXEC), as Node.js, Python and Perl always do, gets one of which trickle knows nothing. The same read of the same
# bytes takes seconds without that flag, and no time with it. trickle says nothing, and ends as the program does.
#
# Consequence: a backup or an import in Node.js or Python is no slower under trickle. Use a limit of the program, or one of the kernel (tc).
set -euo pipefail
trickle=$(dpkg-query --show --showformat='${Version}' trickle 2>/dev/null || true)
case $trickle in
	1.07-*) echo "trickle $trickle" ;;
	*) echo "This was seen with trickle 1.07 of Debian 12 (package trickle), and here is: ${trickle:-none}." >&2; exit 2 ;;
esac
for program in node curl wget perl /usr/bin/python3; do
	command -v "$program" >/dev/null || { echo "This needs $program." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'kill "$server"; rm -rf "$folder"' EXIT
cat >"$folder/server.mjs" <<'JS'
import http from 'node:http';
import fs from 'node:fs';

const film = Buffer.alloc(200_000);
const server = http.createServer((request, response) => response.end(film));
server.listen(0, '127.0.0.1', () => {
	fs.writeFileSync(process.argv[2], String(server.address().port));
});
JS
node "$folder/server.mjs" "$folder/port" &
server=$!
until [ -s "$folder/port" ]; do sleep 0.1; done
port=$(<"$folder/port")
cat >"$folder/read.py" <<'PY'
import ctypes, socket, struct, sys
libc = ctypes.CDLL(None)
file = libc.socket(socket.AF_INET, eval(sys.argv[2], vars(socket)), 0)
address = struct.pack('=H', socket.AF_INET) + struct.pack('!H', int(sys.argv[1])) + socket.inet_aton('127.0.0.1') + bytes(8)
assert libc.connect(file, address, len(address)) == 0
libc.write(file, b'GET / HTTP/1.0\r\n\r\n', 18)
buffer = ctypes.create_string_buffer(65536)
while libc.read(file, buffer, len(buffer)) > 0:
    pass
PY
look() {
	local name=$1 begin end
	begin=$(date +%s%N)
	TMPDIR=$folder trickle -s -d 50 "${@:2}" >/dev/null
	end=$(date +%s%N)
	echo "$name: $(if (((end - begin) / 1000000 > 2000)); then echo 'slowed down'; else echo 'at once'; fi)"
}
address=http://127.0.0.1:$port/
{
	look curl curl --silent "$address"
	look wget wget --quiet --output-document=- "$address"
	look 'http of Node.js' node -e "require('node:http').get('$address', response => response.resume())"
	look 'fetch of Node.js' node -e "fetch('$address').then(response => response.arrayBuffer())"
	look 'urllib of Python' /usr/bin/python3 -c "import urllib.request; urllib.request.urlopen('$address').read()"
	look 'IO::Socket of Perl' perl -MIO::Socket::INET -e "my \$socket = IO::Socket::INET->new('127.0.0.1:$port'); print \$socket \"GET / HTTP/1.0\\r\\n\\r\\n\"; local \$/; <\$socket>"
	look 'read of a SOCK_STREAM' /usr/bin/python3 "$folder/read.py" "$port" 'SOCK_STREAM'
	look 'read of a SOCK_STREAM | SOCK_CLOEXEC' /usr/bin/python3 "$folder/read.py" "$port" 'SOCK_STREAM | SOCK_CLOEXEC'
} | tee "$folder/seen.txt"
diff - "$folder/seen.txt" <<'SEEN'
curl: slowed down
wget: slowed down
http of Node.js: at once
fetch of Node.js: at once
urllib of Python: at once
IO::Socket of Perl: at once
read of a SOCK_STREAM: slowed down
read of a SOCK_STREAM | SOCK_CLOEXEC: at once
SEEN
