#!/usr/bin/env bash
# Damages a fitted model at 20,000 seeded places: bits flipped, bytes changed, files cut, lengthened, lost, emptied, swapped,
# replaced by those of another model, stretches lost, doubled, swapped, sectors of zeros. Each must be refused with a file and
# a remedy: no crash, no hang, no other model. Then, at a tenth as many places, a model with the checkpoint of a fit that was
# stopped in its folder: each must be refused by what loads the model or by what goes on from the checkpoint.
#
#   Experiments/robustness/damage/run.sh [cases: 20000] [seed: 1]
#
# Costs two to three minutes and no memory to speak of, on top of the build.
set -euo pipefail
cd "$(dirname "$0")/../../.."
swift build -c release -Xcc -march=native --product lla >&2
swift build -c release -Xcc -march=native --product damage >&2
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
lla=.build/release/lla
"$lla" synthesize -o "$folder/log.tsv" --topics 4 --tasks 2 --items 60 --sequences 120 --lengths 10-20 > /dev/null
for seed in 1 2; do
    "$lla" fit "$folder/log.tsv" -o "$folder/$seed.model" -K 4 -H 8 --epochs 3 --min-count 1 --observe 0.6 --seed "$seed" -q
done
.build/release/damage "$folder/1.model" "$folder/2.model" "${1:-20000}" "${2:-1}"

for seed in 1 2; do
    "$lla" fit "$folder/log.tsv" -o "$folder/$seed.model" -K 4 -H 8 --epochs 1000000 --patience 1000000 --min-count 1 --seed "$seed" -q 2> /dev/null &
    until [ -d "$folder/$seed.model/checkpoint" ] || ! kill -0 $! 2> /dev/null; do sleep 0.1; done
    kill -TERM $!
    wait $! || [ $? = 143 ]
    "$lla" verify "$folder/$seed.model"
done
echo "with a checkpoint within:"
.build/release/damage "$folder/1.model" "$folder/2.model" "$((${1:-20000} / 10))" "${2:-1}"
