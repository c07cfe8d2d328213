#!/bin/sh
# What sampled topics cost in perplexity: dense draws and the full softmax beside Metropolis-Hastings and a sampled one, equal epochs.
#
#   sh Experiments/Benchmarks/large-k/run.sh LOG.tsv.gz "1000 10000"
#
# K topics, H=250, 8 epochs from clusters of items, one particle, no memory, first 60 % of each sequence observed, seeds 1 to 3 (SEEDS), DRAWS of those below.
# Prints Markdown rows: perplexity of the rest with its standard error, and seconds of the fit. Cost at K=1000, 10^6 events: three minutes
# a fit on two cores; at K=10000 ten for the dense one.
set -eu
log=$1 topics=${2:-1000}
lla=.build/release/lla
model=$(mktemp -d)
trap 'rm -rf "$model"' EXIT
echo "| K | seed | draw | perplexity | seconds |"
echo "|---|---|---|---|---|"
for k in $topics; do
    for seed in ${SEEDS:-1 2 3}; do
        echo "${DRAWS:-dense,mh,mh --negatives 128,mh --negatives 256,mh --negatives 512}" | tr , '\n' | while read -r options; do
            began=$(date +%s)
            # shellcheck disable=SC2086
            $lla fit "$log" -o "$model/model" -q --variant topic --particles 1 --memory none --topics "$k" --hidden 250 --epochs 8 \
                --start clusters --validation-particles 2 --observe 0.6 --seed "$seed" --sampler $options </dev/null
            seconds=$(($(date +%s) - began))
            $lla evaluate "$model/model" "$log" --observe 0.6 --particles 4 --json >"$model/scores.json" </dev/null
            score() { sed -n "s/.*\"$1\" *: *\([0-9]*\.[0-9][0-9]\).*/\1/p" "$model/scores.json" | head -1; }
            echo "| $k | $seed | $options | $(score perplexity) ± $(score perplexity_standard_error) | $seconds |"
        done
    done
done
