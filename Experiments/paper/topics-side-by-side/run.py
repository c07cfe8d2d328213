#!/usr/bin/env python3
"""Topics of LDA and of LLA side by side: the paper's tables 2 and 3.

    python3 Experiments/paper/topics-side-by-side/run.py LOG NAME [-K 200] [--epochs 12] [--pairs 5] [-- what `lla fit` is told to read the log with]

Which topics stand in the table is decided by rule. The overlap of two topics is the share of items that are among the first twenty of both. Pairs are taken by overlap,
the largest first, each topic once (a greedy matching). Of the pairs those are shown whose LLA topic is among the half with the largest share of events, by overlap: what both
models found; and as many with the least overlap: what each found alone. Coherence is the NPMI of a topic's first ten items on the same log (`lla topics`), which favours LDA where whole sequences
are what items share, and LLA where they have to be near each other. Writes NAME.md beside this file. The program is .build/release/lla; LLA names another.
Cost: two fits; on `fifa.tsv.gz` five minutes on two cores, on the articles twenty.
"""

import json
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from program import asked, run  # noqa: E402

FIRST, SHOWN, COHERENT = 20, 8, 10
WINDOWS = {"windows of 10 events": 10, "whole sequences": "sequence"}
WEIGHTS = {"topics": lambda share: 1, "events": lambda share: share}


def topics(log, reading, options):
    """The first items and the share of each topic of a fresh fit, and the coherence of each by the windows it is counted in."""
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model")
        run("fit", log, "-o", model, "--quiet", "--seed", 1, *reading, *options)
        text = ["--text"] if "--text" in reading else []
        coherence = {name: [topic.get("coherence") for topic in json.loads(run("topics", model, log, *text, "-n", COHERENT, "--window", window, "--json"))]
                     for name, window in WINDOWS.items()}
        return [([item["item"] for item in topic["items"]], topic["share"]) for topic in json.loads(run("topics", model, "-n", FIRST, "--json"))], coherence


def matched(ours, theirs):
    """(overlap, our topic, their topic), the largest overlap first, each topic once."""
    pairs = sorted(((len(set(a) & set(b)) / FIRST, i, j) for i, (a, _) in enumerate(ours) for j, (b, _) in enumerate(theirs)),
                   key=lambda pair: (-pair[0], pair[1], pair[2]))
    seen = (set(), set())
    for overlap, i, j in pairs:
        if i not in seen[0] and j not in seen[1]:
            seen[0].add(i), seen[1].add(j)
            yield overlap, i, j


def mean(coherence, found, weight):
    """The mean over the topics whose items are in the log at all."""
    known = [(value, weight(share)) for value, (_, share) in zip(coherence, found) if value is not None]
    return sum(value * times for value, times in known) / sum(times for _, times in known)


def words(items):
    return ", ".join(item.replace("|", "/") for item in items[:SHOWN])


def main():
    options, reading = asked(__doc__, epochs=12, pairs=5)
    how = {"LDA": ["--model", "lda", "--topics", options.topics],
           "topic-LLA": ["--variant", "topic", "--topics", options.topics, "--hidden", 128, "--epochs", options.epochs]}
    (theirs, their_coherence), (ours, our_coherence) = (topics(options.log, reading, words) for words in how.values())
    pairs = list(matched(ours, theirs))
    middle = sorted(share for _, share in ours)[len(ours) // 2]
    large = [pair for pair in pairs if ours[pair[1]][1] >= middle]
    lines = [f"# Topics side by side: {pathlib.Path(options.log).name}", "",
             *(f"{name}: `lla fit {' '.join(map(str, [*reading, *told]))}`, seed 1." for name, told in how.items()), "",
             f"Mean overlap of the first {FIRST} items over all {len(pairs)} pairs: {sum(pair[0] for pair in pairs) / len(pairs):.2f}. The header of run.py says by which rule pairs are chosen.", "",
             "| NPMI of a topic's first ten items, mean over | LDA | topic-LLA |", "|---|---|---|",
             *(f"| {of}, {name} | {mean(their_coherence[name], theirs, weight):.3f} | {mean(our_coherence[name], ours, weight):.3f} |"
               for name in WINDOWS for of, weight in WEIGHTS.items()), ""]
    for heading, chosen in (("What both found", large[:options.pairs]), ("What overlaps least", large[-options.pairs:])):
        lines += [f"## {heading}", "", "| overlap | LDA | topic-LLA |", "|---|---|---|"]
        lines += [f"| {overlap:.2f} | {words(theirs[j][0])} | {words(ours[i][0])} |" for overlap, i, j in chosen]
        lines.append("")
    (HERE / f"{options.name}.md").write_text("\n".join(lines))


main()
