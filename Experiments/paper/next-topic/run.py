#!/usr/bin/env python3
"""One user's events, and the three topics that LDA, ddLDA and LLA expect before each: the trace of the paper's section 4.3.

    python3 Experiments/paper/next-topic/run.py LOG NAME [-K 200] [--events 12] [-- what `lla fit` is told to read the log with]

The user is chosen by rule and not by hand: of those whose history is at least as long as what is shown, and no longer than twice that, and who were kept out of the fits
(every tenth user is), the one whose topics under LLA have the largest entropy; of equals the first. Each model reads the same prefixes with `lla predict`. A topic is called by the two items that it makes
most probable; it came true where the event's most probable topic, once the event is known, is the one that was expected.
Writes NAME.md beside this file. The program is .build/release/lla; LLA names another. Cost: three fits; on paths between articles ten minutes on two cores.
"""

import collections
import gzip
import json
import math
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from program import asked, run  # noqa: E402


def sequences(path):
    """Each user's items in the order of the log, which has a header and the columns user, time and item, or user and item."""
    opener = gzip.open if path.endswith(".gz") else open
    users = collections.OrderedDict()
    with opener(path, "rt", encoding="utf-8") as lines:
        columns = next(lines).rstrip("\n").split("\t")
        user, item = columns.index("user"), columns.index("item")
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            users.setdefault(fields[user], []).append(fields[item])
    return users


def expected(model, history):
    """The topics that a model expects after each prefix of a history, the empty one left out: three (topic, probability) each."""
    rows = "".join(f"{length:04}\t{item}\n" for length in range(1, len(history) + 1) for item in history[:length])
    said = run("predict", model, "-", "-k", 3, "--log-format", "tsv", given="user\titem\n" + rows)
    by_length = {line["user"]: line["topics"] for line in map(json.loads, said.splitlines())}
    return [[(topic["topic"], topic["probability"]) for topic in by_length[f"{length:04}"]] for length in range(1, len(history) + 1)]


def events(model, history):
    """The topic that LLA sees behind each event, once it is known."""
    rows = "".join(f"u\t{item}\n" for item in history)
    said = run("trace", model, "-", "--user", "u", "--json", "--log-format", "tsv", given="user\titem\n" + rows)
    return [line["topic"] for line in map(json.loads, said.splitlines()) if "topic" in line]


def main():
    options, reading = asked(__doc__, events=12)
    users = sequences(options.log)
    aside = [user for place, user in enumerate(users) if place % 10 == 9]
    k = options.topics
    how = {"LDA": ["--model", "lda", "-K", k], "ddLDA": ["--model", "ddlda", "-K", k],
           "LLA": ["--variant", "topic", "-K", k, "-H", 128, "--epochs", 12]}
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log.tsv")
        kept = set(users) - set(aside)
        with open(log, "w", encoding="utf-8") as file:
            file.write("user\titem\n")
            file.writelines(f"{user}\t{item}\n" for user, items in users.items() if user in kept for item in items)
        models, names = {}, {}
        for name, told in how.items():
            models[name] = os.path.join(folder, name)
            run("fit", log, "-o", models[name], "--quiet", "--seed", 1, "--observe", 1, *reading, *told)
            names[name] = [", ".join(item["item"] for item in topic["items"]) for topic in json.loads(run("topics", models[name], "-n", 2, "--json"))]

        def entropy(user):
            counts = collections.Counter(events(models["LLA"], users[user][:options.events]))
            total = sum(counts.values())
            return -sum(count / total * math.log(count / total) for count in counts.values())

        fitting = [user for user in aside if options.events <= len(users[user]) <= 2 * options.events][:50]
        chosen = max(fitting, key=lambda user: (entropy(user), -fitting.index(user)))
        history = users[chosen][:options.events]
        told = {name: expected(model, history) for name, model in models.items()}
        came = events(models["LLA"], history)
    lines = [f"# What was expected next: {pathlib.Path(options.log).name}", "",
             f"One of {len(aside):,} users who were kept out of the fits; the header of run.py says by which rule. K={k}. Before each event the three topics that were expected, with their probabilities; the event comes behind them.", "",
             "| event | " + " | ".join(how) + " | topic that came (LLA) |", "|---|" + "---|" * (len(how) + 1)]
    for place, item in enumerate(history):
        cells = []
        for name in how:
            before = told[name][place - 1] if place else []
            cells.append("<br>".join(f"{p:.2f} {'**' if name == 'LLA' and topic == came[place] else ''}{names[name][topic]}{'**' if name == 'LLA' and topic == came[place] else ''}" for topic, p in before))
        lines.append(f"| {item} | " + " | ".join(cells) + f" | {names['LLA'][came[place]]} |")
    (HERE / f"{options.name}.md").write_text("\n".join(lines) + "\n")


main()
