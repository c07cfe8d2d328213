#!/bin/sh
# The header of run.py says what it does.
#
#   sh Experiments/paper/topic-tree/run.sh DATA
#
# DATA holds the logs named below and wikischools.txt.gz, of which ../text.sh makes the log of articles.
set -eu
here=$(dirname "$0")
text=$(sh "$here/../text.sh" "$1")
python3 "$here/run.py" "$1/wikispeedia_all.tsv.gz" paths
python3 "$here/run.py" "$text" text -K 500 --epochs 6 -- --text --stop-words english --vocabulary-size 20000 --min-count 1
