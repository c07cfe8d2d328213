#!/bin/sh
# What models make of items that they have never seen: perplexity of what comes right behind such an item, by input.
#
#   sh Experiments/paper/unknown-items/run.sh DATA
#
# DATA holds wikispeedia_all.tsv.gz: paths of people between articles of an encyclopedia, whose titles mean something. measure.py says the rest.
set -eu
here=$(dirname "$0") data=$1
shift
exec python3 "$here/../measure.py" "$here" "$data" "$@"
