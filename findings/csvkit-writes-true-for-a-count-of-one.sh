#!/usr/bin/env bash
# csvsort of csvkit writes True where the file has the count 1, if no film of the list has more than one, and nothing for the film None.
#
# Seen with csvkit 1.0.7 (Debian 12, package csvkit) (2026-12-01).
#
# Expected: to sort a file changes the order of its rows. A column of whole numbers is one of numbers, and text in quotes is text.
#
# Seen: a column that has only 0 and 1 is taken for truth values, before numbers are tried. So csvsort and csvlook write True and
# False for the versions and plays of each film, csvjson true and false, csvsql makes a BOOLEAN column, and csvstat has no sum. With
# one film of two versions in the list they are numbers again. The titles None, Null and NA become empty, with or without quotes.
# --no-inference leaves the numbers alone and takes the titles away all the same; that needs --blanks as well. csvcut, csvgrep and
# csvformat change nothing.
#
# Consequence: what comes out depends on which films a query finds. Give -I and --blanks.
set -euo pipefail
csvkit=$(dpkg-query --show --showformat='${Version}' csvkit 2>/dev/null || true)
case $csvkit in
	1.0.7-*) echo "csvkit $csvkit" ;;
	*) echo "This was seen with csvkit 1.0.7 of Debian 12 (package csvkit), and here is: ${csvkit:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >one.csv <<'CSV'
"title","versions","viewCount"
"None",1,0
"Faust",1,1
"Metropolis",1,
CSV
{ cat one.csv; echo '"Nosferatu",2,3'; } >two.csv
look() { echo "$*: $("$@" 2>/dev/null | paste -sd ' ' | tr -s ' \t' ' ')"; }
{
	for file in one.csv two.csv; do
		look csvsort -c title "$file"
		look csvjson "$file"
		look csvstat --sum "$file"
	done
	look csvsql one.csv
	look csvsort -I -c title one.csv
	look csvsort -I --blanks -c title one.csv
	look csvcut -c title one.csv
} | tee seen.txt
diff - seen.txt <<'SEEN'
csvsort -c title one.csv: title,versions,viewCount Faust,True,True Metropolis,True, ,True,False
csvjson one.csv: [{"title": null, "versions": true, "viewCount": false}, {"title": "Faust", "versions": true, "viewCount": true}, {"title": "Metropolis", "versions": true, "viewCount": null}]
csvstat --sum one.csv:  1. title: None 2. versions: None 3. viewCount: None
csvsort -c title two.csv: title,versions,viewCount Faust,1,1 Metropolis,1, Nosferatu,2,3 ,1,0
csvjson two.csv: [{"title": null, "versions": 1.0, "viewCount": 0.0}, {"title": "Faust", "versions": 1.0, "viewCount": 1.0}, {"title": "Metropolis", "versions": 1.0, "viewCount": null}, {"title": "Nosferatu", "versions": 2.0, "viewCount": 3.0}]
csvstat --sum two.csv:  1. title: None 2. versions: 5 3. viewCount: 4
csvsql one.csv: CREATE TABLE one ( title VARCHAR, versions BOOLEAN NOT NULL, "viewCount" BOOLEAN );
csvsort -I -c title one.csv: title,versions,viewCount Faust,1,1 Metropolis,1, ,1,0
csvsort -I --blanks -c title one.csv: title,versions,viewCount Faust,1,1 Metropolis,1, None,1,0
csvcut -c title one.csv: title None Faust Metropolis
SEEN
