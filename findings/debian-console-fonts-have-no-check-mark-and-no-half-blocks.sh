#!/usr/bin/env bash
# None of the 116 fonts for Latin letters that Debian has for the Linux console has ✓, ▀ or ▐; all have ✗, ╭ and █.
#
# Seen with console-setup-linux 1.221 (Debian 12) (2026-12-01).
#
# Expected: ▀ ▄ ▌ ▐ are in the fonts of every PC since 1981 (code page 437), so they can be relied on where box drawing can, for bars,
# pictures and the QR code of a sign-in. What has ✗ has ✓.
#
# Seen: Fixed, Terminus and VGA have lines, rounded corners, █ ░ ▒ ● ▸ ✗ and arrows, and lack ✓ ◐ ○ ★ ▓, half-blocks and eighths. Of
# the 60 larger fonts called Uni, 3 have half-blocks. ✓ is in no font at all. The console shows one and the same sign for all that
# its font lacks.
#
# Consequence: on the screen of a home server itself, seen and begun cannot be told apart if they are ✓ and ◐, and a QR code of
# half-blocks cannot be read. For TERM=linux take other characters, and draw a code with backgrounds.
set -euo pipefail
for program in apt-get dpkg python3; do
	command -v "$program" >/dev/null || { echo "This needs $program." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
apt-get download -qq console-setup-linux=1.221 2>/dev/null || { echo "This was seen with console-setup-linux 1.221 of Debian 12, which cannot be had here." >&2; exit 2; }
dpkg -x console-setup-linux_1.221_all.deb fonts
cat >look.py <<'PYTHON'
import glob
import gzip
import re
import struct

def characters(name):
	"""The table behind the glyphs of a PSF font, of either version, says which characters each glyph stands for."""
	data = gzip.open(f'fonts/usr/share/consolefonts/{name}.psf.gz').read()
	if data[:2] == b'\x36\x04':
		count = 512 if data[2] & 1 else 256
		units = struct.unpack(f'<{(len(data) - 4 - count * data[3]) // 2}H', data[4 + count * data[3]:])
		return {chr(unit) for unit in units if unit < 0xFFFE}
	header, _, count, size = struct.unpack('<4I', data[8:24])
	return set(re.sub(r'[\x00]', '', b''.join(part.split(b'\xFE')[0] for part in data[header + count * size:].split(b'\xFF')).decode()))

wanted = '─│╭╯█░▒●▸✗→✓◐○★▓▀▄▌▐▏▋▂▇'
for name in ('Lat15-Fixed16', 'Lat15-TerminusBold16', 'Lat15-VGA16', 'Lat2-Terminus16', 'Uni2-Fixed16', 'Uni3-Terminus16'):
	known = characters(name)
	print(f'{name}: has {"".join(one for one in wanted if one in known)}, lacks {"".join(one for one in wanted if one not in known)}')
names = [re.sub(r'.*/|\.psf\.gz', '', file) for file in glob.glob('fonts/usr/share/consolefonts/*.psf.gz')]
for family in ('Lat', 'Uni', ''):
	fonts = [characters(name) for name in names if name.startswith(family)]
	print(f'{len(fonts)} fonts{f" called {family}…" if family else ""}:', ', '.join(f'{one} in {sum(one in known for known in fonts)}' for one in '█╭✗✓▀▐'))
PYTHON
PYTHONIOENCODING=utf-8 python3 look.py | tee seen.txt
diff - seen.txt <<'SEEN'
Lat15-Fixed16: has ─│╭╯█░▒●▸✗→, lacks ✓◐○★▓▀▄▌▐▏▋▂▇
Lat15-TerminusBold16: has ─│╭╯█░▒●▸✗→, lacks ✓◐○★▓▀▄▌▐▏▋▂▇
Lat15-VGA16: has ─│╭╯█░▒●▸✗→, lacks ✓◐○★▓▀▄▌▐▏▋▂▇
Lat2-Terminus16: has ─│╭╯█░▒●▸✗→, lacks ✓◐○★▓▀▄▌▐▏▋▂▇
Uni2-Fixed16: has ─│╭╯█░▒●▸✗→, lacks ✓◐○★▓▀▄▌▐▏▋▂▇
Uni3-Terminus16: has ─│╭╯█░▒●▸✗→, lacks ✓◐○★▓▀▄▌▐▏▋▂▇
116 fonts called Lat…: █ in 116, ╭ in 116, ✗ in 116, ✓ in 0, ▀ in 0, ▐ in 0
60 fonts called Uni…: █ in 60, ╭ in 60, ✗ in 60, ✓ in 0, ▀ in 3, ▐ in 3
456 fonts: █ in 450, ╭ in 368, ✗ in 374, ✓ in 0, ▀ in 139, ▐ in 139
SEEN
