#!/bin/sh
# Perplexity by number of topics, text (the paper's figure 5).
#
#   sh Experiments/paper/topics-text/run.sh DATA
#
# DATA holds wikischools.txt.gz; what is made of it (Data/prepare_wikischools.py) is laid in Experiments/paper, and stays out of git. measure.py says the rest.
set -eu
here=$(dirname "$0") data=$1
shift
[ -f "$here/../wikischools-500.txt.gz" ] || python3 "$here/../../../Data/prepare_wikischools.py" "$data/wikischools.txt.gz" "$here/../wikischools-500.txt.gz"
exec python3 "$here/../measure.py" "$here" "$here/.." "$@"
