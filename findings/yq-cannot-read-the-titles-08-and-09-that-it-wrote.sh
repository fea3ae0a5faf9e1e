#!/usr/bin/env bash
# The yq of Debian writes the titles 08 and 09 as YAML that it cannot read again, and from which js-yaml and yaml read 8 and 9.
#
# Seen with yq 3.1.0 (Debian 12, package yq: the one of Andrey Kislyuk, around jq), PyYAML 6.0, and js-yaml 4.1.0 and yaml 2.8.1 on
# Node.js (2026-12-01).
#
# Expected: `yq --yaml-output` makes YAML in which each text is one for every reader, so it puts quotes around what could be a number,
# and what it wrote it reads again: `yq -y . library.json | yq .` gives the same JSON.
#
# Seen: it writes by the rules of YAML 1.1, in which 07 is a number (octal) and gets quotes, but 08, 09 and 1E3 are no numbers and
# get none. It reads by other rules, in which a whole number may begin with 0 and is octal then: for 08 it ends with an error, without
# any output, and 1E3 becomes 1000. js-yaml and yaml, which read YAML 1.2, make numbers of all three. PyYAML reads texts.
#
# Consequence: of a season whose episodes are called 01 to 10, two have other titles than before, or the file is lost for yq. Pass
# JSON on as it is.
set -euo pipefail
yq=$(dpkg-query --show --showformat='${Version}' yq 2>/dev/null || true)
case $yq in
	3.1.0-*) echo "yq $yq" ;;
	*) echo "This was seen with yq 3.1.0 of Debian 12 (package yq), and here is: ${yq:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts js-yaml@4.1.0 yaml@2.8.1
echo '["07", "08", "09", "10"]' >season.json
echo '["1E3", "11:14", "No"]' >films.json
cat >look.cjs <<'JS'
const {readFileSync} = require('node:fs');

const text = readFileSync(process.argv[2], 'utf8');
console.log(`js-yaml: ${JSON.stringify(require('js-yaml').load(text))}, yaml: ${JSON.stringify(require('yaml').parse(text))}`);
JS
for name in season films; do
	/usr/bin/yq -y . "$name.json" >"$name.yaml"
	echo "$name: $(paste -s -d ' ' "$name.yaml")"
	echo "yq: $(/usr/bin/yq -c . "$name.yaml" 2>&1 | tail -n 1)"
	node look.cjs "$name.yaml"
	echo "PyYAML: $(/usr/bin/python3 -c 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))' <"$name.yaml")"
done | tee seen.txt
diff - seen.txt <<'SEEN'
season: - '07' - 08 - 09 - '10'
yq: yq: Error running jq: ValueError: invalid literal for int() with base 8: '08'.
js-yaml: ["07",8,9,"10"], yaml: ["07",8,9,"10"]
PyYAML: ["07", "08", "09", "10"]
films: - 1E3 - '11:14' - 'No'
yq: [1000,"11:14","No"]
js-yaml: [1000,"11:14","No"], yaml: [1000,"11:14","No"]
PyYAML: ["1E3", "11:14", "No"]
SEEN
