#!/usr/bin/env python3
"""What models make of items that they have never seen: perplexity of what comes right behind such an item, by input.

    python3 Experiments/paper/unknown-items/run.py LOG [--table]

The log is wikispeedia_all.tsv.gz (Data/README.md says where such logs come from): paths of people between articles of an encyclopedia, whose titles mean something.
Articles that are seen fewer than 40 times in what is observed are in no vocabulary. With --unknown-items skip a model leaves their events out, in learning and reading;
with input it reads them in both, word by a row for all of them, char by how they are spelled, and expects none. So all models expect the same events, those right
behind an unknown article among them; and those that read are told more of what was before.
Each run is a line of runs.jsonl beside this file, and is not made again; result.md is made of these lines. The program is .build/release/lla; LLA names another.
Cost: six minutes on two cores that had other work besides.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from program import LLA, run  # noqa: E402

COMMON = "--observe 0.6 --min-count 40 --hidden 128 --seed 1"
LLA_ = "--topics 100 --epochs {epochs}"
LSTM = "--epochs {epochs}"
EPOCHS = (4,)
MODELS = [
    ("word-LLA", f"--variant word {LLA_} --unknown-items skip", "skipped"),
    ("word-LLA", f"--variant word {LLA_} --unknown-items input", "a row for all"),
    ("char-LLA", f"--variant char {LLA_} --unknown-items skip", "skipped"),
    ("char-LLA", f"--variant char {LLA_} --unknown-items input", "spelled"),
    ("word LSTM", f"--model word-lstm {LSTM} --unknown-items skip", "skipped"),
    ("word LSTM", f"--model word-lstm {LSTM} --unknown-items input", "a row for all"),
    ("char LSTM", f"--model char-lstm {LSTM} --unknown-items skip", "skipped"),
    ("char LSTM", f"--model char-lstm {LSTM} --unknown-items input", "spelled"),
]
NOTES = [
    "Behind an article never seen, whoever reads how it is spelled expects what comes best, and whoever leaves it out worst. Elsewhere the spelled input is behind a learned row for "
    "each article after so few epochs: two LSTMs have to learn to tell apart what a table tells apart from the first step on.",
    "",
    "Seconds are those of a machine that had other work besides; they say how long one has to wait, and compare nothing.",
]


def fit_and_score(log, options):
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model")
        began = time.monotonic()
        subprocess.run([LLA, "fit", log, "-o", model, "--quiet", *COMMON.split(), *options.split()], check=True)
        seconds = round(time.monotonic() - began, 1)
        return {**json.loads(run("evaluate", model, log, "--json")), "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("log")
    parser.add_argument("--table", action="store_true", help="write result.md from the runs that there are, and run nothing")
    arguments = parser.parse_args()
    path = HERE / "runs.jsonl"
    done = {}
    if path.exists():
        for line in map(json.loads, path.read_text().splitlines()):
            done[line["fit"]] = line["scores"]
    rows = [(name, options.replace("{epochs}", str(epochs)), how, epochs) for epochs in EPOCHS for name, options, how in MODELS]
    if not arguments.table:
        for _, options, _, _ in rows:
            if options in done:
                continue
            done[options] = fit_and_score(arguments.log, options)
            with open(path, "a") as file:
                file.write(json.dumps({"fit": options, "scores": done[options]}) + "\n")
            print(options, done[options]["perplexity"], done[options]["after_unknown_perplexity"], file=sys.stderr, flush=True)
    found = [(row, done[row[1]]) for row in rows if row[1] in done]
    if not found:
        return
    first = found[0][1]
    lines = [
        "# Items never seen, by input", "",
        f"`sh Experiments/paper/unknown-items/run.sh DATA`: `{pathlib.Path(arguments.log).name}`, `{COMMON}`, LLA with `--topics 100`; {first['tokens']:,} events scored, "
        f"{first['after_unknown_tokens']:,} of them right behind an unknown article. One seed.", "",
        "| model | epochs | unknown articles | perplexity | right behind them | recall@20 | parameters | fit, seconds |", "|---|---|---|---|---|---|---|---|"]
    lines += [
        f"| {name} | {epochs} | {how} | {scores['perplexity']:.1f} | {scores['after_unknown_perplexity']:.1f} | {scores['recall@20']:.3f} | "
        f"{scores['parameters']:,} | {scores['seconds']:.0f} |" for (name, _, how, epochs), scores in found]
    lines += ["", *NOTES]
    (HERE / "result.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
