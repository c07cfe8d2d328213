#!/bin/sh
# Joint against independent, clicks (the paper's table 4).
#
#   sh Experiments/paper/joint-clicks/run.sh DATA
#
# DATA holds fifa.tsv.gz. measure.py says the rest.
set -eu
here=$(dirname "$0") data=$1
shift
exec python3 "$here/../measure.py" "$here" "$data" "$@"
