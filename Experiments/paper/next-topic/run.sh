#!/bin/sh
# The header of run.py says what it does.
#
#   sh Experiments/paper/next-topic/run.sh DATA
set -eu
here=$(dirname "$0")
python3 "$here/run.py" "$1/fifa.tsv.gz" clicks
python3 "$here/run.py" "$1/wikispeedia_all.tsv.gz" paths
