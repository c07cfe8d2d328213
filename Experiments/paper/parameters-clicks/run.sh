#!/bin/sh
# Perplexity by parameters, clicks (the paper's figure 4).
#
#   sh Experiments/paper/parameters-clicks/run.sh DATA
#
# DATA holds fifa.tsv.gz. measure.py says the rest.
set -eu
here=$(dirname "$0") data=$1
shift
exec python3 "$here/../measure.py" "$here" "$data" "$@"
