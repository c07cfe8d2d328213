#!/usr/bin/env python3
"""Fits and scores what one experiment's settings.json asks for; writes its result.md and figure.svg.

    python3 Experiments/paper/measure.py EXPERIMENT DATA [--seeds N] [--only SERIES ...] [--sizes SIZE ...] [--table]

EXPERIMENT is a folder beside this script, DATA one with the logs (Data/README.md says where such logs come from). settings.json says:

    title, x, y_log     of the figure; x is what its horizontal axis shows: "parameters", "size" or "seconds"
    log, prepare        the log, and what `lla fit` is told to read it with, by all models alike
    evaluate            what `lla evaluate` is told besides
    sizes               of a model: what {size} stands for below
    series              name -> what `lla fit` is told besides, {size} in it; or {"fit": ..., "sizes": [...]} where sizes are its own, with
                        "seeds": [] for a model that nothing is drawn for, which takes no seed
    seeds, notes, cost

The first 60 % of each sequence is for learning, the rest is scored, each event given all before it. Parameters are counted as the paper counts them: weights of
networks, and the item-topic counts that are not zero. Where a hundredth of the events come right behind items never seen, their perplexity is told too.

Each run is a line of runs.jsonl beside this script, which all experiments share; runs that stand there are not made again, so that a script that was stopped goes on. The program is .build/release/lla; LLA names another. Needs Python 3.9 or later, and nothing else.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from program import HERE, LLA, ROOT, run

sys.path.insert(0, str(HERE.parent / "figures"))
from draw import lines  # noqa: E402

RUNS = HERE / "runs.jsonl"

OBSERVE = "--observe 0.6"
X = {"parameters": "parameters", "size": "topics", "seconds": "seconds of the fit"}


def fit_and_score(log, prepare, options, evaluate, seed):
    """What `lla evaluate --json` says of one fit, with the seconds of the fit and its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model")
        drawn = [] if seed is None else ["--seed", str(seed)]
        words = [LLA, "fit", log, "-o", model, *OBSERVE.split(), *drawn, "--quiet", *prepare.split(), *options.split()]
        began = time.monotonic()
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        if status:
            sys.exit(f"{' '.join(words)}\n{said.strip()}")
        text = ["--text"] if "--text" in prepare.split() else []
        scores = json.loads(run("evaluate", model, log, *text, *OBSERVE.split(), *evaluate.split(), "--json"))
    return {**scores, "seconds": round(seconds, 1), "megabytes": usage.ru_maxrss // 1024}


def markdown(table):
    """A table in Markdown, without columns that say nothing."""
    heads = [head for head in (table[0] if table else {}) if any(row[head] != "" for row in table)]
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in table:
        yield f"| {' | '.join(str(row[head]) for head in heads)} |"


class Experiment:
    def __init__(self, folder, data, seeds=None, only=None, sizes=None):
        self.folder = pathlib.Path(folder).resolve()
        self.settings = json.loads((self.folder / "settings.json").read_text())
        self.data = pathlib.Path(data).resolve()
        self.seeds, self.only, self.sizes = seeds, only, sizes

    def rows(self):
        """(series, size, what `lla fit` is told, seeds) of each run."""
        for name, how in self.settings["series"].items():
            how = how if isinstance(how, dict) else {"fit": how}
            for size in how.get("sizes", self.settings.get("sizes", [None])):
                yield name, size, how["fit"].replace("{size}", str(size)), how.get("seeds", self.settings.get("seeds", [1])) or [None]

    def is_wanted(self, name, size):
        return (not self.only or name in self.only) and (not self.sizes or size in self.sizes)

    def known(self):
        if not RUNS.exists():
            return {}
        found = map(json.loads, RUNS.read_text().splitlines())
        mine = self.settings["log"]
        return {(line["prepare"], line["fit"], line["seed"]): line["scores"] for line in found if line["log"] == mine}

    def measure(self):
        done, prepare = self.known(), self.settings.get("prepare", "")
        # One seed of all that there is before the next.
        for turn in range(self.seeds or max(len(seeds) for *_, seeds in self.rows())):
            for name, size, options, seeds in self.rows():
                if not self.is_wanted(name, size) or turn >= len(seeds) or (prepare, options, seed := seeds[turn]) in done:
                    continue
                print(f"{name} {size or ''} seed {seed}", file=sys.stderr, flush=True)
                scores = fit_and_score(str(self.data / self.settings["log"]), prepare, options, self.settings.get("evaluate", ""), seed)
                with open(RUNS, "a") as file:
                    file.write(json.dumps({"log": self.settings["log"], "prepare": prepare, "fit": options, "seed": seed, "scores": scores}) + "\n")
                done[prepare, options, seed] = scores
                self.report()

    def report(self):
        """result.md, and figure.svg where there is an axis."""
        done, prepare, x = self.known(), self.settings.get("prepare", ""), self.settings.get("x")
        series, table = {}, []
        for name, size, options, seeds in self.rows():
            found = [done[prepare, options, seed] for seed in seeds if (prepare, options, seed) in done]
            if not found:
                continue
            middle = {key: statistics.median(run[key] for run in found)
                      for key in ("perplexity", "perplexity_standard_error", "recall@20", "after_unknown_perplexity", "after_unknown_tokens", "parameters", "seconds", "tokens")
                      if found[0].get(key) is not None}
            if x:
                series.setdefault(name, []).append((size if x == "size" else middle[x], middle["perplexity"]))
            spread = sorted(run["perplexity"] for run in found)
            table.append({
                "model": name,
                "size": size if size is not None else "",
                "perplexity": f"{middle['perplexity']:.2f} ± {middle['perplexity_standard_error']:.2f}",
                "of the seeds": f"{spread[0]:.2f} to {spread[-1]:.2f}" if len(found) > 1 else "",
                "behind items never seen": f"{middle['after_unknown_perplexity']:.2f}" if middle.get("after_unknown_tokens", 0) >= middle["tokens"] / 100 else "",
                "recall@20": f"{middle['recall@20']:.3f}" if "recall@20" in middle else "",
                "parameters": f"{middle['parameters']:,.0f}",
                "fit, seconds": f"{middle['seconds']:.0f}",
                "seeds": len(found),
                "`lla fit`": f"`{options}`"})
        if x and series:
            for points in series.values():
                points.sort()
            picture = lines(self.settings["title"], X[x], "perplexity", series, log_x=True, log_y=self.settings.get("y_log", True))
            (self.folder / "figure.svg").write_text(picture)
        any_run = next((scores for (read_with, *_), scores in done.items() if read_with == prepare), {})
        (self.folder / "result.md").write_text("\n".join([
            f"# {self.settings['title']}", "",
            f"`sh Experiments/paper/{self.folder.name}/run.sh DATA`: `{self.settings['log']}`, read with {f'`{prepare}`' if prepare else 'the defaults'}; {any_run.get('tokens', 0):,} events scored, each given all "
            "before it. Medians of the seeds; the standard error is that of one evaluation.", "",
            *([f"![{self.settings['title']}](figure.svg)", ""] if x and series else []),
            *markdown(table), "",
            *self.settings.get("notes", []), "", f"Cost: {self.settings['cost']}", ""]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("experiment")
    parser.add_argument("data")
    parser.add_argument("--seeds", type=int, help="how many of the seeds (default: all)")
    parser.add_argument("--only", nargs="*", help="series to run")
    parser.add_argument("--sizes", nargs="*", type=int, help="sizes to run")
    parser.add_argument("--table", action="store_true", help="write result.md from the runs that there are, and run nothing")
    options = parser.parse_args()
    experiment = Experiment(options.experiment, options.data, options.seeds, options.only, options.sizes)
    if not options.table:
        experiment.measure()
    experiment.report()


if __name__ == "__main__":
    main()
