#!/bin/sh
# The header of run.py says what it does.
#
#   sh Experiments/paper/unknown-items/run.sh DATA
set -eu
exec python3 "$(dirname "$0")/run.py" "$1/wikispeedia_all.tsv.gz"
