#!/usr/bin/env bash
# `smbclient -c 'get "Steins;Gate.nfo"'` asks for a file called Steins, and `mkdir "Steins;Gate"` makes a folder Steins and ends with 0.
#
# Seen with smbclient 4.17.12 (Debian 12, packages smbclient and samba) (2026-12-01).
#
# Expected: -c takes commands with semicolons between them, and a name in double quotes is one name, as the manual says. So the semicolon
# of a show called Steins;Gate is a part of its name.
#
# Seen: the text is cut at every semicolon first, and quotes are read later, in each piece by itself, where one without its end is no
# error. A backslash and single quotes do not help. The rest of the name is taken for a command: "Gate: command not found". Whether the
# whole failed is only what the last command with an answer of its own says, so `mkdir` ends with 0, and `cd "Steins;Gate"; put FILE` with
# 0 as well, with the file in the folder called Steins if there is one. The same line on stdin is not cut, nor are names
# that mget and mput find, nor the folder of -D.
#
# Consequence: a script that copies shows to a NAS one by one leaves this one out, or puts it into the folder of another. Write the commands
# to stdin, and look at what is there.
set -euo pipefail
samba=$(dpkg-query --show --showformat='${Version}' smbclient 2>/dev/null || true)
case $samba in
	2:4.17.12+dfsg-*) echo "smbclient $samba" ;;
	*) echo "This was seen with smbclient 4.17.12 of Debian 12 (package smbclient), and here is: ${samba:-none}." >&2; exit 2 ;;
esac
command -v smbd >/dev/null || { echo "This needs smbd (Debian: samba)." >&2; exit 2; }
folder=$(mktemp -d)
trap 'kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
mkdir own share here
user=$(id -un)
cat >smb.conf <<CONF
[global]
	map to guest = Bad User
	guest account = $user
	interfaces = lo
	bind interfaces only = yes
	smb ports = 44571
	disable spoolss = yes
	private dir = $folder/own
	lock directory = $folder/own
	state directory = $folder/own
	cache directory = $folder/own
	pid directory = $folder/own
	ncalrpc dir = $folder/own/rpc
	log file = $folder/own/log
[shows]
	path = $folder/share
	guest ok = yes
	read only = no
CONF
smbd --configfile="$folder/smb.conf" --foreground >/dev/null 2>&1 &
server=$!
samba() { smbclient --configfile="$folder/smb.conf" --port=44571 --no-pass //127.0.0.1/shows "$@" 2>&1; }
until samba -c ls >/dev/null; do sleep 0.2; done
echo text >'share/Steins;Gate.nfo'
cd here
look() {
	local ended=0
	echo "$1"
	samba -c "$1" >"$folder/answer" || ended=$?
	sed -E 's/ of size .*//; s/ \([0-9.]+ kb.*//; s/^/  /' "$folder/answer" | sort
	echo "  ended with $ended; here: $(ls | paste -sd ,); folders there: $(cd ../share && find . -type d | sort | sed 1d | paste -sd ,)"
}
{
	look 'get "Steins;Gate.nfo"'
	look 'get "Steins\;Gate.nfo"'
	look 'mkdir "Steins;Gate"'
	mkdir '../share/Steins;Gate'
	echo text >tvshow.nfo
	look 'cd "Steins;Gate"; put tvshow.nfo'
	echo "put tvshow.nfo: $(cd ../share && find . -name tvshow.nfo)"
	look 'prompt; mget *Gate.nfo'
	rm 'Steins;Gate.nfo'
	echo 'get "Steins;Gate.nfo"' | samba >/dev/null
	echo "on stdin; here: $(ls | paste -sd ,)"
	samba -D 'Steins;Gate' -c 'put tvshow.nfo' >/dev/null
	echo "-D: $(cd ../share && find . -name tvshow.nfo | sort | paste -sd ,)"
} | tee ../seen.txt
diff - ../seen.txt <<'SEEN'
get "Steins;Gate.nfo"
  Gate.nfo: command not found
  NT_STATUS_OBJECT_NAME_NOT_FOUND opening remote file \Steins
  ended with 1; here: ; folders there: 
get "Steins\;Gate.nfo"
  Gate.nfo: command not found
  NT_STATUS_OBJECT_NAME_NOT_FOUND opening remote file \Steins\
  ended with 1; here: ; folders there: 
mkdir "Steins;Gate"
  Gate: command not found
  ended with 0; here: ; folders there: ./Steins
cd "Steins;Gate"; put tvshow.nfo
  Gate: command not found
  putting file tvshow.nfo as \Steins\tvshow.nfo
  ended with 0; here: tvshow.nfo; folders there: ./Steins,./Steins;Gate
put tvshow.nfo: ./Steins/tvshow.nfo
prompt; mget *Gate.nfo
  getting file \Steins;Gate.nfo
  ended with 0; here: Steins;Gate.nfo,tvshow.nfo; folders there: ./Steins,./Steins;Gate
on stdin; here: Steins;Gate.nfo,tvshow.nfo
-D: ./Steins/tvshow.nfo,./Steins;Gate/tvshow.nfo
SEEN
