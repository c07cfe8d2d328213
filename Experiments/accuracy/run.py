#!/usr/bin/env python3
"""Perplexity and next-item ranking of every variant, policy and start, beside their rivals: the tables of result.md.

    python3 Experiments/accuracy/run.py DATA [--only SECTION ...] [--seeds N] [--python PYTHON] [--table]

DATA is a folder with fifa.tsv.gz, yoochoose100k.tsv.gz and wikispeedia_all.tsv.gz (Data/README.md says where such logs come from);
the purchases ship. The first 60 % of each sequence is for learning, the rest is scored, each event given all before it.
Each run is a line of runs.jsonl beside this file; runs that stand there are not made again, so that a stopped script goes on.
With --python, an interpreter that has peers/requirements.txt, tomotopy's LDA and an LSTM over items run on the same events.

Cost: about an hour on two idle cores, and 2 GB of memory. Needs nothing but the standard library.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RUNS = os.path.join(HERE, "runs.jsonl")
BINARIES = os.path.join(ROOT, ".build", "release")
SEEDS = (1, 2, 3)

# What is fitted: a table's name -> (log, its heading, rows). A row is its label, the seeds, and what `lla fit` is told; or a rival.
FIFA = "--topics 200 --hidden 128 --epochs 12"
BELIEF = " --variant belief"


def independent(settings):
    """Topics first, then an LSTM on them: on clusters that each item is in one of, and on those that its events are dealt among."""
    settings += " --variant topic --particles 1 --memory none --warm-up 1"
    return [
        ("independent learner: clusters, then an LSTM on them", SEEDS, settings + " --start hard-clusters"),
        ("independent learner: soft clusters, then an LSTM on them", SEEDS, settings + " --start clusters"),
    ]


TABLES = {
    "fifa": ("fifa.tsv.gz", "Clicks on the 1998 World Cup site, K=200 H=128, 12 epochs", [
        ("belief", SEEDS, FIFA + BELIEF),
        ("belief, no memory", (1,), FIFA + " --memory none" + BELIEF),
        ("word", SEEDS, FIFA + " --variant word"),
        ("topic, P=4", SEEDS, FIFA + " --variant topic --particles 4"),
        ("belief, start from hard clusters", (1,), FIFA + " --start hard-clusters" + BELIEF),
        ("belief, start from word-LLA", (1,), FIFA + " --start word" + BELIEF),
        ("belief, start from LDA", (1,), FIFA + " --start lda" + BELIEF),
        ("belief, random start", (1,), FIFA + " --start random" + BELIEF),
        *independent(FIFA),
        ("independent learner: LDA, then an LSTM on its topics", (1,), FIFA + " --variant topic --particles 1 --memory none --warm-up 1 --start lda"),
        ("rivals", SEEDS, "200"),
        ("tomotopy", (1,), "200 0.02"),
        ("word LSTM", (1,), "128 8 0.1"),
    ]),
    "fifa-policies": ("fifa.tsv.gz", "The same log, topic-LLA without memory: who survives", [
        ("P=1, 30 epochs", (1,), "--topics 200 --hidden 128 --variant topic --memory none --particles 1 --epochs 30 --patience 30"),
        ("P=4, 16 epochs", (1,), "--topics 200 --hidden 128 --variant topic --memory none --particles 4 --epochs 16 --patience 30"),
        ("P=4 conditional, 16 epochs", (1,), "--topics 200 --hidden 128 --variant topic --memory none --particles 4 --conditional --epochs 16 --patience 30"),
        ("beam 4, 16 epochs", (1,), "--topics 200 --hidden 128 --variant topic --memory none --beam 4 --epochs 16 --patience 30"),
    ]),
    "fifa-topics": ("fifa.tsv.gz", "The same log, more topics (belief, H=128, 10 epochs)", [
        (f"K={k}", SEEDS if k == 800 else (1,), f"--topics {k} --hidden 128 --epochs 10" + BELIEF) for k in (100, 400, 800, 1200)
    ]),
    "yoochoose": ("yoochoose100k.tsv.gz", "Clicks in a shop (a sample of yoochoose), K=200 H=64", [
        ("belief", SEEDS, "--topics 200 --hidden 64" + BELIEF),
        ("belief, no memory", SEEDS, "--topics 200 --hidden 64 --memory none" + BELIEF),
        ("word", SEEDS, "--topics 200 --hidden 64 --variant word"),
        ("topic, P=4", SEEDS, "--topics 200 --hidden 64 --variant topic"),
        ("topic, P=1, no memory", SEEDS, "--topics 200 --hidden 64 --variant topic --particles 1 --memory none"),
        ("topic, beam 4, no memory", SEEDS, "--topics 200 --hidden 64 --variant topic --beam 4 --memory none"),
        ("belief, start from hard clusters", SEEDS, "--topics 200 --hidden 64 --start hard-clusters" + BELIEF),
        ("belief, start from word-LLA", SEEDS, "--topics 200 --hidden 64 --start word" + BELIEF),
        ("belief, start from LDA", SEEDS, "--topics 200 --hidden 64 --start lda" + BELIEF),
        *independent("--topics 200 --hidden 64"),
        ("rivals", SEEDS, "200"),
        ("tomotopy", (1,), "200 0.02"),
        ("word LSTM", (1,), "128 20 0.3"),
    ]),
    "wikispeedia": ("wikispeedia_all.tsv.gz", "Paths between articles (wikispeedia), K=200 H=128, 12 epochs", [
        ("belief", SEEDS, FIFA + BELIEF),
        ("belief, no memory", (1,), FIFA + " --memory none" + BELIEF),
        ("word", SEEDS, FIFA + " --variant word"),
        ("topic, P=4", SEEDS, FIFA + " --variant topic"),
        ("belief, warm-up alone", (1,), FIFA + " --warm-up 1" + BELIEF),
        ("belief, start from hard clusters", (1,), FIFA + " --start hard-clusters" + BELIEF),
        ("belief, start from word-LLA", (1,), FIFA + " --start word" + BELIEF),
        *independent(FIFA),
        ("rivals", SEEDS, "200"),
        ("tomotopy", (1,), "200 0.02"),
        ("word LSTM", (1,), "128 10 0.2"),
    ]),
    "wikispeedia-belief": ("wikispeedia_all.tsv.gz", "The same paths: how many topics a belief carries on (belief, K=200 H=128, 12 epochs)", [
        (f"M={m}", (1,), FIFA + f" --belief-topics {m}" + BELIEF) for m in (1, 2, 4, 16, 200)
    ]),
    "wikispeedia-topics": ("wikispeedia_all.tsv.gz", "The same paths, more topics (H=128, 12 epochs)", [
        (f"{variant}, K={k}", (1,), f"--topics {k} --hidden 128 --epochs 12 --variant {variant}") for variant in ("word", "belief") for k in (500, 1000)
    ]),
    "purchases": ("", "Purchases of households (Data/), K=50 H=64", [
        ("belief", SEEDS, "--topics 50 --hidden 64" + BELIEF),
        ("belief, H=32, embedding of 32, dropout .5 and .3, 40 epochs", SEEDS, "--topics 50 --hidden 32 --embedding 32 --dropout 0.5 --input-dropout 0.3 --epochs 40 --patience 10" + BELIEF),
        ("belief, no memory", SEEDS, "--topics 50 --hidden 64 --memory none" + BELIEF),
        ("word", SEEDS, "--topics 50 --hidden 64 --variant word"),
        ("topic, P=4", SEEDS, "--topics 50 --hidden 64 --variant topic"),
        ("belief, start from clusters", SEEDS, "--topics 50 --hidden 64 --start clusters" + BELIEF),
        ("independent learner: LDA, then an LSTM on its topics", SEEDS, "--topics 50 --hidden 64 --variant topic --particles 1 --memory none --warm-up 1"),
        ("rivals", SEEDS, "50"),
        ("tomotopy", (1,), "50 0.1"),
        ("word LSTM", (1,), "64 20 0.5"),
    ]),
}


def run(command):
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if found.returncode:
        sys.exit(f"{' '.join(command)}\n{found.stderr.strip().splitlines()[-1:]}")
    return found.stdout


def lla(log, options, seed):
    """One fit and its evaluation: what `lla evaluate --json` says, and the seconds of the fit."""
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model")
        began = time.monotonic()
        run([f"{BINARIES}/lla", "fit", log, "-o", model, "--observe", "0.6", "--seed", str(seed), "--quiet", *options.split()])
        seconds = time.monotonic() - began
        report = json.loads(run([f"{BINARIES}/lla", "evaluate", model, log, "--json"]))
    return [{**report, "seconds": seconds}]


def rivals(log, topics, seed):
    lines = run([f"{BINARIES}/rivals", log, "0.6", topics, str(seed)]).splitlines()
    return [{**found["report"], "seconds": found["seconds"], "model": found["model"]} for found in map(json.loads, lines)]


def peer(python, script, log, options):
    return [json.loads(run([python, f"{HERE}/peers/{script}", log, *options]))]


def results(kind, log, options, seed, python):
    if kind == "rivals":
        return rivals(log, options, seed)
    if kind == "tomotopy":
        topics, alpha = options.split()
        return peer(python, "tomotopy_sequential_lda.py", log, ["--topics", topics, "--alpha", alpha, "--seed", str(seed)])
    if kind == "word LSTM":
        hidden, epochs, dropout = options.split()
        return peer(python, "word_lstm.py", log, ["--hidden", hidden, "--epochs", epochs, "--dropout", dropout, "--seed", str(seed)])
    return lla(log, options, seed)


def known():
    if not os.path.exists(RUNS):
        return {}
    with open(RUNS) as lines:
        return {(found["log"], found["run"], found["seed"]): found["results"] for found in map(json.loads, lines)}


def label(kind, result, options):
    if kind == "rivals":
        return result["model"]
    if kind == "tomotopy":
        return "tomotopy's LDA, K={} α={}, scored sequentially".format(*options.split())
    if kind == "word LSTM":
        return "LSTM over the items (PyTorch), H={0}, dropout {2}, ".format(*options.split()) + f"{result['parameters']:,} parameters"
    return kind


def spread(values, digits):
    text = f"{statistics.median(values):.{digits}f}"
    if len(values) > 1:
        text += f" ({min(values):.{digits}f}–{max(values):.{digits}f})"
    return text


def table(name, runs):
    log, heading, rows = TABLES[name]
    lines = [f"## {heading}", "", "| model | perplexity | Recall@20 | MRR@20 | fit, seconds | seeds |", "|---|---|---|---|---|---|"]
    scored = None
    for kind, seeds, options in rows:
        found = [runs[key] for seed in seeds if (key := (log, f"{kind}: {options}", seed)) in runs]
        for of_one_model in zip(*found):
            scored = of_one_model[0]
            columns = [("perplexity", 1), ("recall@20", 3), ("mrr@20", 3), ("seconds", 0)]
            cells = [spread([result[column] for result in of_one_model], digits) for column, digits in columns]
            lines.append("| " + " | ".join([label(kind, of_one_model[0], options), *cells, str(len(of_one_model))]) + " |")
    if scored:
        lines += ["", f"{scored['tokens']:,} events scored, {scored.get('out_of_vocabulary', 0):,} of items out of vocabulary left out. Median, and the range of the seeds."]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description="the tables of result.md")
    parser.add_argument("data")
    parser.add_argument("--only", nargs="*", choices=TABLES, default=list(TABLES))
    parser.add_argument("--python", help="interpreter that has peers/requirements.txt")
    parser.add_argument("--table", action="store_true", help="print what runs.jsonl has, and run nothing")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="at most so many a row")
    arguments = parser.parse_args()
    runs = known()
    for name in [] if arguments.table else arguments.only:
        log, _, rows = TABLES[name]
        path = os.path.join(arguments.data, log) if log else "Data/household-purchases.tsv.gz"
        for kind, seeds, options in rows:
            if kind in ("tomotopy", "word LSTM") and not arguments.python:
                continue
            for seed in seeds[: arguments.seeds]:
                key = (log, f"{kind}: {options}", seed)
                if key in runs:
                    continue
                runs[key] = results(kind, path, options, seed, arguments.python)
                print(f"{name}, {kind}, seed {seed}: " + ", ".join(f"{result['perplexity']:.2f}" for result in runs[key]), file=sys.stderr)
                with open(RUNS, "a") as lines:
                    lines.write(json.dumps({"log": log, "run": key[1], "seed": seed, "results": runs[key]}) + "\n")
    print("\n\n".join(table(name, runs) for name in arguments.only))


if __name__ == "__main__":
    main()
