#!/usr/bin/env bash
# In R, the sizes of files by library are 4.8e-314 bytes, and all below 2 GB, if SQLite or a CSV file gave them.
#
# Seen with R 4.2.2, RSQLite 2.2.20, data.table 1.14.8 and bit64 4.0.5 (Debian 12) (2026-12-01).
#
# Expected: a column of sizes in bytes is a column of numbers. sum, mean, median, max, log10 and comparisons with it are
# right, so what is built on them is right as well.
#
# Seen: RSQLite, for a column that is declared BIGINT, and fread of data.table, for a column with one value above 2 GB, give
# integer64: whole numbers in the bits of doubles. What keeps the class is right: sum, aggregate, data.table with `by`. What
# looks at the plain vector takes these bits for doubles, without an error or a warning: tapply, split with sapply, xtabs and
# rowsum give 4.8e-314, cut puts every file into the first class, and ifelse hands on 2.5e-314. With fread it begins with the
# first large file, so a script that was tried with short clips fails on films.
#
# Consequence: read sizes as doubles, which hold them exactly up to 9 PB: dbConnect(..., bigint = "numeric") and
# fread(..., integer64 = "numeric"). Who gives out data for R says so beside it.
set -euo pipefail
versions=$(dpkg-query -W -f '${Package} ${Version}\n' r-base-core r-cran-bit64 r-cran-data.table r-cran-rsqlite 2>/dev/null | sort | tr '\n' ' ' || true)
case $versions in
	'r-base-core 4.2.2'*' r-cran-bit64 4.0.5-'*' r-cran-data.table 1.14.8'*' r-cran-rsqlite 2.2.20-'*) echo "$versions" ;;
	*) echo "This was seen with r-base-core 4.2.2, r-cran-rsqlite 2.2.20, r-cran-data.table 1.14.8 and r-cran-bit64 4.0.5 of Debian 12, and here is: ${versions:-not all of them}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >films.csv <<'CSV'
library,sizeBytes
Films,4981500331
Films,4674001508
Shows,1048576000
Shows,
CSV
cat >look.R <<'R'
library(DBI)
library(data.table)
tell <- function(what, values) cat(what, ": ", paste(format(as.vector(values), digits = 3, trim = TRUE), collapse = ", "), "\n", sep = "")
look <- function(name, files) {
	size <- files$sizeBytes
	cat(name, " gives ", class(size), "\n", sep = "")
	tell("  sum", as.double(sum(size, na.rm = TRUE)))
	tell("  aggregate", as.double(aggregate(sizeBytes ~ library, files, sum)$sizeBytes))
	tell("  tapply", tapply(size, files$library, sum, na.rm = TRUE))
	tell("  xtabs", xtabs(sizeBytes ~ library, files))
	tell("  cut at 2 and 10 GB", table(cut(size, c(0, 2e9, 1e10))))
	tell("  ifelse", ifelse(is.na(size), 0, size))
}
fill <- function(...) {
	connection <- dbConnect(RSQLite::SQLite(), ":memory:", ...)
	invisible(dbExecute(connection, "CREATE TABLE files (library TEXT, sizeBytes BIGINT)"))
	invisible(dbExecute(connection, "INSERT INTO files VALUES ('Films', 4981500331), ('Films', 4674001508), ('Shows', 1048576000), ('Shows', NULL)"))
	dbGetQuery(connection, "SELECT * FROM files")
}
look("RSQLite", fill())
look("fread", fread("films.csv"))
cat("fread of short clips gives ", class(fread(text = "library,sizeBytes\nClips,46502616\n")$sizeBytes), "\n", sep = "")
look("RSQLite with bigint", fill(bigint = "numeric"))
look("fread with integer64", fread("films.csv", integer64 = "numeric"))
R
R_PROFILE_USER='' R_ENVIRON_USER='' Rscript --no-init-file look.R 2>&1 | tee seen.txt
diff - seen.txt <<'SEEN'
RSQLite gives integer64
  sum: 1.07e+10
  aggregate: 9.66e+09, 1.05e+09
  tapply: 4.77e-314, 5.18e-315
  xtabs: 4.77e-314, 5.18e-315
  cut at 2 and 10 GB: 3, 0
  ifelse: 2.46e-314, 2.31e-314, 5.18e-315, 0.00e+00
fread gives integer64
  sum: 1.07e+10
  aggregate: 9.66e+09, 1.05e+09
  tapply: 4.77e-314, 5.18e-315
  xtabs: 4.77e-314, 5.18e-315
  cut at 2 and 10 GB: 3, 0
  ifelse: 2.46e-314, 2.31e-314, 5.18e-315, 0.00e+00
fread of short clips gives integer
RSQLite with bigint gives numeric
  sum: 1.07e+10
  aggregate: 9.66e+09, 1.05e+09
  tapply: 9.66e+09, 1.05e+09
  xtabs: 9.66e+09, 1.05e+09
  cut at 2 and 10 GB: 1, 2
  ifelse: 4.98e+09, 4.67e+09, 1.05e+09, 0.00e+00
fread with integer64 gives numeric
  sum: 1.07e+10
  aggregate: 9.66e+09, 1.05e+09
  tapply: 9.66e+09, 1.05e+09
  xtabs: 9.66e+09, 1.05e+09
  cut at 2 and 10 GB: 1, 2
  ifelse: 4.98e+09, 4.67e+09, 1.05e+09, 0.00e+00
SEEN
