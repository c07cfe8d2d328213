#!/bin/sh
# The header of run.py says what it does.
#
#   sh Experiments/paper/topic-tree/run.sh DATA
#
# DATA holds wikispeedia_all.tsv.gz and wikischools.txt.gz; what is made of the latter (Data/prepare_wikischools.py) is laid in Experiments/paper, and stays out of git.
set -eu
here=$(dirname "$0")
text="$here/../wikischools-500.txt.gz"
[ -f "$text" ] || python3 "$here/../../../Data/prepare_wikischools.py" "$1/wikischools.txt.gz" "$text"
python3 "$here/run.py" "$1/wikispeedia_all.tsv.gz" paths
python3 "$here/run.py" "$text" text -K 500 --epochs 6 -- --text --stop-words english --vocabulary-size 20000 --min-count 1
