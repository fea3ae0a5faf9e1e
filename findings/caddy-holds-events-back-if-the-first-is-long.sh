#!/usr/bin/env bash
# Caddy with `encode` passes server-sent events on at once if the first one is short, and holds all of them back if it is long.
#
# Seen with Caddy 2.6.2 (Debian 12, package caddy) (2026-11-30).
#
# Expected: Caddy knows an event stream and flushes each event (its documentation of `reverse_proxy` says so), with
# compression or without. So a proxy that works for one stream works for all.
#
# Seen: `encode gzip` leaves an answer alone whose first piece has fewer than 512 bytes, and all that follows it. If the
# first piece is longer, the stream is compressed, and what is flushed is the connection and not the compressor, which
# keeps everything until it has enough for a block. Of five events of 3,000 bytes, one after the other, nothing arrives that could be read.
# `Cache-Control: no-transform` and `flush_interval -1` change nothing. A stream that begins with a short comment of its
# own passes.
#
# Consequence: a test with short events says nothing. Take event streams out of `encode` by a matcher.
set -euo pipefail
caddy=$(dpkg-query -W -f '${Version}' caddy 2>/dev/null || true)
case $caddy in
	2.6.2-*) echo "caddy $caddy" ;;
	*) echo "This was seen with Caddy 2.6.2 of Debian 12 (package caddy), and here is: ${caddy:-none}." >&2; exit 2 ;;
esac
for program in curl python3; do
	command -v "$program" >/dev/null || { echo "This needs $program." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cat >"$folder/events.py" <<'PY'
import http.server, time

class Events(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Type', 'text/event-stream')
        self.send_header('Cache-Control', 'no-store, no-transform')
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        if 'comment' in self.path:
            self.send('a')
            time.sleep(0.5)
        for _ in range(5):
            self.send('x' * (3000 if 'long' in self.path else 30))
            time.sleep(0.3)
        time.sleep(60)

    def send(self, text):
        event = f'data: {text}\n\n'.encode()
        try:
            self.wfile.write(f'{len(event):x}\r\n'.encode() + event + b'\r\n')
            self.wfile.flush()
        except OSError:
            pass

    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(('127.0.0.1', 43871), Events).serve_forever()
PY
cat >"$folder/Caddyfile" <<'CADDY'
{
	admin off
	auto_https off
}
http://127.0.0.1:43872 {
	encode gzip
	reverse_proxy 127.0.0.1:43871 {
		flush_interval -1
	}
}
http://127.0.0.1:43873 {
	@others not path /long
	encode @others gzip
	reverse_proxy 127.0.0.1:43871
}
CADDY
python3 "$folder/events.py" &
HOME=$folder caddy run --config "$folder/Caddyfile" --adapter caddyfile 2>/dev/null &
for port in 43871 43872 43873; do
	curl --silent --output /dev/null --retry 50 --retry-connrefused --retry-delay 1 --max-time 1 "http://127.0.0.1:$port/short" || true
done
look() {
	curl --silent --no-buffer --compressed --max-time 6 "http://127.0.0.1:$1/$2" >"$folder/got" 2>/dev/null || true
	echo "$3: $(grep -c '^data: x' "$folder/got" || true) of 5 events"
}
{
	look 43872 short 'encode, short events'
	look 43872 long 'encode, long events'
	look 43872 comment-long 'encode, long events after a short one'
	look 43873 long 'not encoded, long events'
} | tee "$folder/seen.txt"
diff - "$folder/seen.txt" <<'SEEN'
encode, short events: 5 of 5 events
encode, long events: 0 of 5 events
encode, long events after a short one: 5 of 5 events
not encoded, long events: 5 of 5 events
SEEN
