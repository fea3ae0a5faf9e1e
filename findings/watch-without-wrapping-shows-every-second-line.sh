#!/usr/bin/env bash
# "watch --no-wrap" of procps 4.0.2 leaves out the line behind each one that fits, so of a list it shows every second line.
#
# Seen with procps 2:4.0.2-3 (Debian 12) (2026-12-01).
#
# Expected: its manual says "Turn off line wrapping. Long lines will be truncated instead of wrapped to the next line.": of a table
# that is too wide, each line is cut at the edge, and all lines are there.
#
# Seen: the lines 2, 4 and 6 of six short lines are not shown, also with --differences, --color and --exec. Behind a line that is
# too long for the row, none is left out. Without --no-wrap all six are shown.
#
# Consequence: who watches a table of libraries or jobs with it sees half of them, and not always the same half. To have no line
# broken, the command needs a terminal of its own: watch --color "script -qec 'COMMAND' /dev/null".
set -euo pipefail
for program in apt-get dpkg python3 seq script; do
	command -v "$program" >/dev/null || { echo "This needs $program." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
apt-get download -qq procps=2:4.0.2-3 2>/dev/null || { echo "This was seen with procps 2:4.0.2-3 of Debian 12, which cannot be had here." >&2; exit 2; }
dpkg -x procps_*.deb procps
cat >look.py <<'PYTHON'
import fcntl
import os
import pty
import re
import select
import struct
import termios
import time

def shown(*arguments):
	"""The numbers on the screen of watch, in a terminal of 10 rows and 30 columns."""
	pid, terminal = pty.fork()
	if pid == 0:
		time.sleep(0.2)
		os.execve('procps/usr/bin/watch', ['watch', '--no-title', *arguments], {**os.environ, 'TERM': 'xterm', 'LC_ALL': 'C.UTF-8'})
	fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('4H', 10, 30, 0, 0))
	said = b''
	# Until it has said something and then nothing for a second.
	while True:
		ready, _, _ = select.select([terminal], [], [], 1.5 if re.search(rb'line', said) else 20)
		if not ready:
			break
		try:
			said += os.read(terminal, 4096)
		except OSError:
			break
	os.kill(pid, 9)
	os.waitpid(pid, 0)
	return ' '.join(re.findall(r'line(\d)', said.decode()))

lines = 'seq -f line%g 1 6'
wide = "seq -f 'line%g is longer than a row of thirty cells' 1 6"
for arguments in [(lines,), ('--no-wrap', lines), ('--no-wrap', wide), ('--no-wrap', '--color', lines), ('--no-wrap', '--differences', lines), ('--no-wrap', '--exec', *lines.split()), ('--color', f"script -qec '{lines}' /dev/null")]:
	print(f'watch {" ".join(arguments)}: {shown("--interval", "60", *arguments)}')
PYTHON
python3 look.py | tee seen.txt
diff - seen.txt <<'SEEN'
watch seq -f line%g 1 6: 1 2 3 4 5 6
watch --no-wrap seq -f line%g 1 6: 1 3 5
watch --no-wrap seq -f 'line%g is longer than a row of thirty cells' 1 6: 1 2 3 4 5 6
watch --no-wrap --color seq -f line%g 1 6: 1 3 5
watch --no-wrap --differences seq -f line%g 1 6: 1 3 5
watch --no-wrap --exec seq -f line%g 1 6: 1 3 5
watch --color script -qec 'seq -f line%g 1 6' /dev/null: 1 2 3 4 5 6
SEEN
