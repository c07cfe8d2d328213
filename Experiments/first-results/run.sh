#!/usr/bin/env bash
# The figures of README and of result.md beside this file.
#
#   Experiments/first-results/run.sh FIFA_LOG
#
# FIFA_LOG: the click streams of the 1998 World Cup site (user, item in order; Data/README.md says where logs come from).
# Fits topic-LLA to it (K=200 H=128, seeds 1 2 3, the first 60 % of each sequence), to the log of purchases that ships,
# and to a log whose truth is known; runs popularity, a Markov chain and LDA on the same events; and compares the model files
# of one thread and two. Cost: about 25 minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/../.."
fifa=${1:?usage: run.sh FIFA_LOG}
for product in lla rivals synthetic-recovery; do swift build -c release ${ARCH--Xcc -march=native} --product $product >/dev/null; done
lla=.build/release/lla
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { sed -n "s/.*\"$1\":\([-0-9.e]*\).*/\1/p"; }

score() { # LABEL MODEL LOG SECONDS
    $lla evaluate "$2" "$3" --observe 0.6 --particles 16 --json >"$work/report"
    printf '| %s | %.1f ± %.1f | %.3f | %.3f | %d | %d | %s |\n' "$1" "$(field perplexity <"$work/report")" \
        "$(field perplexity_standard_error <"$work/report")" "$(field 'recall@20' <"$work/report")" \
        "$(field 'mrr@20' <"$work/report")" "$(field tokens <"$work/report")" "$(field out_of_vocabulary <"$work/report")" "$4"
}

rivals() { # LOG TOPICS
    .build/release/rivals "$1" 0.6 "$2" 1 | while read -r line; do
        printf '| %s | %.1f ± %.1f | %.3f | %.3f | %d | %d | %.0f |\n' "$(sed 's/.*"model":"\([^"]*\)".*/\1/' <<<"$line")" \
            "$(field perplexity <<<"$line")" "$(field perplexity_standard_error <<<"$line")" "$(field 'recall@20' <<<"$line")" \
            "$(field 'mrr@20' <<<"$line")" "$(field tokens <<<"$line")" "$(field out_of_vocabulary <<<"$line")" "$(field seconds <<<"$line")"
    done
}

header() {
    echo '| model | perplexity | Recall@20 | MRR@20 | tokens | out of vocabulary | fit, seconds |'
    echo '|---|---|---|---|---|---|---|'
}

echo "## Clicks on the 1998 World Cup site"
echo
header
rivals "$fifa" 200
for seed in 1 2 3; do
    began=$SECONDS
    $lla fit "$fifa" -o "$work/fifa$seed" --variant topic --topics 200 --hidden 128 --observe 0.6 --seed $seed --quiet
    score "topic-LLA, K=200 H=128, seed $seed, P=16" "$work/fifa$seed" "$fifa" $((SECONDS - began))
done
echo
echo "## Purchases of 447 households (Data/)"
echo
header
rivals Data/household-purchases.tsv.gz 50
for seed in 1 2 3; do
    began=$SECONDS
    $lla fit Data/household-purchases.tsv.gz -o "$work/purchases$seed" --topics 50 --hidden 64 --start lda --beta 0.01 --observe 0.6 --seed $seed --quiet
    score "topic-LLA, K=50 H=64, start lda, seed $seed, P=16" "$work/purchases$seed" Data/household-purchases.tsv.gz $((SECONDS - began))
done
echo
echo "## A log whose truth is known"
echo
echo '20 topics over 2,000 items, tasks that are interrupted, 10,000 sequences of 60; K=20 H=128 β=0.1.'
echo
echo '| seed | optimum | test perplexity, P=16 | ratio | topics matched (total variation < 0.25) | fit, seconds |'
echo '|---|---|---|---|---|---|'
for seed in 1 2 3; do
    line=$(.build/release/synthetic-recovery $seed 2>/dev/null)
    printf '| %d | %.1f | %.1f | %.3f | %d of 20 | %.0f |\n' $seed "$(field optimum <<<"$line")" "$(field perplexity <<<"$line")" \
        "$(field ratio <<<"$line")" "$(field matched <<<"$line")" "$(field seconds <<<"$line")"
done
echo
echo "## One seed, one model"
echo
echo '| run | SHA-256 of model.safetensors |'
echo '|---|---|'
for run in "1 thread" "2 threads" "2 threads, again"; do
    $lla fit "$fifa" -o "$work/again" --topics 200 --hidden 128 --observe 0.6 --seed 1 --epochs 2 --threads "${run%% *}" --quiet
    echo "| $run | $(sha256sum "$work/again/model.safetensors" | cut -c1-16)… |"
done
