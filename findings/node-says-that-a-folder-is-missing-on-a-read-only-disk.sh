#!/usr/bin/env bash
# Node.js says ENOENT where a folder cannot be made with `recursive`, because the disk is read-only.
#
# Seen with Node.js 24.21.0 on Linux (Debian 12) (2026-11-30).
#
# Expected: `mkdir` with `recursive: true` fails with the error of the system call, as without it: EROFS.
#
# Seen on a file system that is mounted read-only, with all three forms (with a callback, sync and promises):
# - `mkdir(new)`: EROFS.
# - `mkdir(new, {recursive: true})`: ENOENT, no such file or directory, although the folder above is there.
#
# Consequence: a program that explains errors by their codes says that something is missing, for instance that a disk is not
# mounted, when the disk was mounted read-only after a fault. Ask again without `recursive` for the first folder that is
# missing: that gives the cause.
set -euo pipefail
for program in unshare mount; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: util-linux, mount)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
mkdir disk
cat >look.mjs <<'JS'
import {mkdir as later, mkdirSync, promises} from 'node:fs';
import {promisify} from 'node:util';

const codeOf = async make => {
	try {
		await make();
		return 'made';
	} catch (error) {
		return error.code;
	}
};

for (const options of [{}, {recursive: true}]) {
	const codes = [];
	for (const make of [promisify(later), mkdirSync, promises.mkdir]) {
		codes.push(await codeOf(async () => make('disk/new', options)));
	}

	console.log(`${options.recursive ? 'with recursive' : 'plain'}: ${codes.join(' ')}`);
}
JS
# A mount that only this process sees.
seen=$(unshare --mount --map-root-user bash -c 'mount -t tmpfs -o ro none disk && exec node_modules/.bin/node look.mjs')
wanted='plain: EROFS EROFS EROFS
with recursive: ENOENT ENOENT ENOENT'
echo "$seen"
if [ "$seen" != "$wanted" ]; then
	echo 'This has changed.' >&2
	exit 1
fi
