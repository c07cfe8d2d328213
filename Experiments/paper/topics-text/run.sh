#!/bin/sh
# Perplexity by number of topics, text (the paper's figure 5).
#
#   sh Experiments/paper/topics-text/run.sh DATA
#
# DATA holds wikischools.txt.gz, of which ../text.sh makes the log. measure.py says the rest.
set -eu
here=$(dirname "$0") data=$1
shift
text=$(sh "$here/../text.sh" "$data")
exec python3 "$here/../measure.py" "$here" "$(dirname "$text")" "$@"
