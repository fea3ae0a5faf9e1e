#!/usr/bin/env bash
# SpamAssassin gives points for `X-Priority: 1` in a mail without DKIM, and none for `Importance: high`, which asks for the same.
#
# Seen with SpamAssassin 4.0.1 and its own rules (Debian 12, package spamassassin) (2026-11-30).
#
# Expected: a header that mail programs and libraries write for urgent mail is no sign of spam, or both of them are.
#
# Seen: the rule XPRIO takes any X-Priority for one if the mail has no signature by DKIM and its recipient has a name
# (`Me <me@example.org>`), whatever the priority is; 3 means normal. It gives 1 point of the 5 with which mail is spam,
# and its author allows it up to 2.25, which is what the scores of rule updates may make of it. With a bare address it is
# not asked. `Importance: high`, the header of RFC 2156, costs nothing.
#
# Consequence: alerts of a server at home, which seldom has DKIM, lie in the junk folder just because they are urgent.
# Write `Importance: high` alone, and the recipient as a bare address.
set -euo pipefail
spamassassin=$(dpkg-query -W -f '${Version}' spamassassin 2>/dev/null || true)
case $spamassassin in
	4.0.1-*) echo "spamassassin $spamassassin" ;;
	*) echo "This was seen with SpamAssassin 4.0.1 of Debian 12 (package spamassassin), and here is: ${spamassassin:-none}." >&2; exit 2 ;;
esac
for program in unshare ip; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: util-linux, iproute2)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
look() {
	{
		cat <<-HEADERS
			Received: from nas.example.org (nas.example.org [192.0.2.7]) by mx.example.org with ESMTP; Mon, 30 Nov 2026 12:00:01 +0000
			From: Media server <nas@example.org>
			To: $1
			Subject: The disk is nearly full
			Message-ID: <alert-5f0c@nas.example.org>
			Date: Mon, 30 Nov 2026 12:00:00 +0000
			MIME-Version: 1.0
			Content-Type: text/plain; charset=utf-8
		HEADERS
		[ -z "$2" ] || echo "$2"
		printf '\nThe disk of the media server is nearly full: 1.0 GB are free.\n'
	} >mail
	# It asks nobody: it has a network of its own, with nothing but the loopback device. Rules of updates do not count.
	HOME=$folder unshare --net --map-root-user spamassassin --configpath=/usr/share/spamassassin --siteconfigpath=/etc/spamassassin --cf='dns_available no' --test-mode <mail >judged 2>/dev/null
	echo "To: $1, ${2:-nothing}: $(sed -n 's/^ *\([0-9.]*\) XPRIO .*/\1 for XPRIO/p' judged | sort -u | grep . || echo 'no point for it')"
}
for header in '' 'X-Priority: 1' 'X-Priority: 3' 'Importance: high'; do
	look 'Me <me@example.org>' "$header"
done | tee seen.txt
look me@example.org 'X-Priority: 1' | tee -a seen.txt
diff - seen.txt <<'SEEN'
To: Me <me@example.org>, nothing: no point for it
To: Me <me@example.org>, X-Priority: 1: 1.0 for XPRIO
To: Me <me@example.org>, X-Priority: 3: 1.0 for XPRIO
To: Me <me@example.org>, Importance: high: no point for it
To: me@example.org, X-Priority: 1: no point for it
SEEN
