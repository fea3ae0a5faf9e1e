#!/usr/bin/env bash
# A mount of rclone loses files that it is uploading while their folder is renamed, without an error then or later.
#
# Seen with rclone 1.60.1 (Debian 12, package rclone), `rclone mount --vfs-cache-mode writes` over a local folder (2026-11-30).
#
# Expected: to write files into a new folder, sync and close each of them, and then rename the folder, which is how a
# program lets a folder appear as a whole, moves all of them.
#
# Seen: all calls succeed. A file that was uploaded already is there under the new name, and so is one that still waits
# for its upload, although it cannot be read until then (EIO). But a file whose upload is under way at the time of the
# rename is gone for good, from the mount and from the cache, and the upload is cancelled. `fsync` gives no protection,
# because it does not wait for the upload. With the default of five seconds (`--vfs-write-back`), this meets every
# folder that takes longer than that to fill; here it is one second, so that the script need not take as long.
#
# Consequence: after such a rename, look whether everything is there, or fill a folder under its own name.
set -euo pipefail
rclone=$(dpkg-query -W -f '${Version}' rclone 2>/dev/null || true)
case $rclone in
	1.60.1+dfsg-*) echo "rclone $rclone" ;;
	*) echo "This was seen with rclone 1.60.1 of Debian 12 (package rclone), and here is: ${rclone:-none}." >&2; exit 2 ;;
esac
for program in fusermount3 python3; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: fuse3, python3)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'fusermount3 -u "$folder/mount" 2>/dev/null || true; rm -rf "$folder"' EXIT
mkdir "$folder/remote" "$folder/mount" "$folder/cache"
printf '[here]\ntype = alias\nremote = %s/remote\n' "$folder" >"$folder/conf"
rclone --config "$folder/conf" --cache-dir "$folder/cache" mount here: "$folder/mount" --vfs-cache-mode writes --vfs-write-back 1s --daemon
cat >"$folder/fill.py" <<'PY'
import os, sys, time
mount, name, wait = sys.argv[1], sys.argv[2], int(sys.argv[3])
count = 2000
os.mkdir(f'{mount}/.{name}')
for number in range(count):
    file = os.open(f'{mount}/.{name}/{number}.nfo', os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    os.write(file, b'x' * 2000)
    os.fsync(file)
    os.close(file)
time.sleep(wait)
os.rename(f'{mount}/.{name}', f'{mount}/{name}')
time.sleep(6)
print(name + ':', 'all files are there' if len(os.listdir(f'{mount}/{name}')) == count else 'files are missing')
PY
python3 "$folder/fill.py" "$folder/mount" 'renamed at once' 0 | tee "$folder/seen.txt"
python3 "$folder/fill.py" "$folder/mount" 'renamed after the uploads' 10 | tee -a "$folder/seen.txt"
fusermount3 -u "$folder/mount"
[ "$(find "$folder/remote/renamed at once" -type f | wc -l)" = 2000 ] || echo 'nor does the remote have them' | tee -a "$folder/seen.txt"
diff - "$folder/seen.txt" <<'SEEN'
renamed at once: files are missing
renamed after the uploads: all files are there
nor does the remote have them
SEEN
