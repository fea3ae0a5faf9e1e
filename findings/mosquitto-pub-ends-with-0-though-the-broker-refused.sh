#!/usr/bin/env bash
# mosquitto_pub ends with 0 after a publication that the broker refused, and over MQTT 5 says nothing of one that is too large.
#
# Seen with mosquitto and mosquitto-clients 2.0.11 (Debian 12) (2026-12-01).
#
# Expected: MQTT 3.1.1 has no word for "not authorised", so a refused topic looks like success there. MQTT 5 answers each
# publication of quality 1 and 2 with a reason, and mosquitto_pub waits for that answer; so `-V 5 -q 1` is how a script
# learns whether its message was taken, by the exit status.
#
# Seen, with -V 5 and -q 1:
# - A topic that the access list forbids, and a message above `message_size_limit`: a warning on stderr, exit status 0.
# - A message above `max_packet_size`, the option that the broker recommends in its place: exit status 0 and no word. The
#   client knows the limit from the broker, sends nothing, and ends as if it had. Over 3.1.1 the broker closes the
#   connection, and the exit status is 7. So going from 3.1.1 to 5 turns an error into silence.
#
# Consequence: where a notice must not get lost, take words on stderr for a failure, and keep messages below the limit
# of the broker; no version of the protocol and no quality makes the exit status tell both.
set -euo pipefail
for package in mosquitto mosquitto-clients; do
	version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || true)
	case $version in
		2.0.11-*) echo "$package $version" ;;
		*) echo "This was seen with $package 2.0.11 of Debian 12, and here is: ${version:-none}." >&2; exit 2 ;;
	esac
done
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
port=43883
broker() {
	printf '%s\n' "listener $port 127.0.0.1" 'allow_anonymous true' "acl_file $folder/access" 'log_dest none' "$1" >"$folder/$port.conf"
	mosquitto -c "$folder/$port.conf" 2>/dev/null &
	for _ in $(seq 100); do
		mosquitto_pub -p "$port" -t open/up -n 2>/dev/null && break
		sleep 0.1
	done
	mosquitto_sub -p "$port" -t '#' -F '%t' >>"$folder/arrived" &
	sleep 0.5
}
printf 'topic read #\ntopic write open/#\n' >"$folder/access"
# The broker reads it as a user of its own where it is started by root.
chmod 755 "$folder"
chmod 644 "$folder/access"
head -c 5000 /dev/zero | tr '\0' x >"$folder/large"
publish() {
	local what=$1 status=0
	shift
	: >"$folder/arrived"
	timeout 10 mosquitto_pub -p "$port" "$@" 2>"$folder/said" || status=$?
	sleep 0.3
	echo "$what: exit status $status, $([ -s "$folder/arrived" ] && echo 'arrived' || echo 'did not arrive'), $([ -s "$folder/said" ] && tr -d '\n' <"$folder/said" || echo 'no word')"
}
{
	broker 'message_size_limit 4000'
	publish 'MQTT 5, an open topic' -V 5 -q 1 -t open/x -m text
	publish 'MQTT 5, a forbidden topic' -V 5 -q 1 -t closed/x -m text
	publish 'MQTT 5, above message_size_limit' -V 5 -q 1 -t open/x -f "$folder/large"
	port=43884
	broker 'max_packet_size 4000'
	publish 'MQTT 3.1.1, above max_packet_size' -V 311 -q 1 -t open/x -f "$folder/large"
	publish 'MQTT 5, above max_packet_size' -V 5 -q 1 -t open/x -f "$folder/large"
	publish 'MQTT 5, below it' -V 5 -q 1 -t open/x -m text
} >"$folder/seen.txt"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'SEEN'
MQTT 5, an open topic: exit status 0, arrived, no word
MQTT 5, a forbidden topic: exit status 0, did not arrive, Warning: Publish 1 failed: Not authorized.
MQTT 5, above message_size_limit: exit status 0, did not arrive, Warning: Publish 1 failed: Packet too large.
MQTT 3.1.1, above max_packet_size: exit status 7, did not arrive, Error: The connection was lost.
MQTT 5, above max_packet_size: exit status 0, did not arrive, no word
MQTT 5, below it: exit status 0, arrived, no word
SEEN
