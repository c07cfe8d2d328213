#!/bin/sh
# The first five minutes: fits the log that ships, and shows topics, predictions and the tree.
# Cost: about a minute on two cores, once the program is built.
set -eu
cd "$(dirname "$0")/../.."
lla=.build/release/lla
log=Data/household-purchases.tsv.gz
out=demo
mkdir -p "$out"

say() { printf '\n\033[1m%s\033[0m\n' "$1"; }
[ -t 1 ] || say() { printf '\n== %s\n' "$1"; }

say "What is in the log"
$lla inspect "$log" --topics 50 --hidden 64

say "Fitting: 50 topics, the first 60 % of each household's history"
$lla fit "$log" -o "$out/purchases.model" --topics 50 --hidden 64 --observe 0.6 --epochs 24 --seed 1

say "Topics"
$lla topics "$out/purchases.model" -n 4 | tee "$out/topics.txt" | head -24
echo "..."

say "What three households do next"
$lla predict "$out/purchases.model" "$log" -k 3 >"$out/predictions.jsonl"
head -3 "$out/predictions.jsonl"

say "The tree of topics"
$lla hierarchy "$out/purchases.model" --format text | tee "$out/tree.txt" | head -40
echo "..."
$lla hierarchy "$out/purchases.model" --format svg >"$out/tree.svg"

say "How well the rest of each history was foreseen"
$lla evaluate "$out/purchases.model" "$log" --observe 0.6

say "All of it as a page"
$lla report "$out/purchases.model" "$log" -o "$out/report.html"

say "Files"
echo "model        $out/purchases.model/"
echo "topics       $out/topics.txt"
echo "predictions  $out/predictions.jsonl   (one line a household)"
echo "tree         $out/tree.txt, $out/tree.svg"
echo "report       $out/report.html   (open it in a browser)"
echo
echo "Your own log: .build/release/lla fit LOG -o MODEL   (columns user, time, item)"
