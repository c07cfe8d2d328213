#!/usr/bin/env python3
"""Kills fits with SIGKILL at random moments, resumes them, and compares the models with those of fits that nobody disturbed.

    swift build -c release -Xcc -march=native --product lla
    python3 Experiments/robustness/kill.py --report Experiments/robustness/kills.md      # 100 kills: half a minute on two cores
    python3 Experiments/robustness/kill.py --kills 6                                      # the short form that the tests run

Fits are real: the release program on a small log that it draws itself. Checkpoints follow each other so fast that many kills hit the
writing of one. Each fit is killed several times in a row, goes on with another number of threads, and is then left to end: its
model's files must have the checksums of the undisturbed one, training.jsonl but for the speeds, and nothing may lie beside them.
A fit of another seed must not pass for the same: the comparison's own test.

Needs Python 3.9 or later, and nothing else. Ends with 1 where anything differs.
"""
import argparse, collections, json, os, pathlib, random, shutil, signal, subprocess, sys, tempfile, time

FOUND = """A beam that went on within an epoch took its copies for different paths, which they are not between two blocks: the model was the
same in all fits seen, the training perplexity was not. Mended, and stops within joint epochs are among the tests since."""

SMALL = ["-K", "6", "-H", "12", "--epochs", "8", "--min-count", "1", "--lanes", "8", "--steps", "8"]
# What there is to lose differs with each of these.
FITS = {
    "belief, memory": ["--variant", "belief"],
    "topic, 4 particles, memory": ["--variant", "topic", "--memory", "both"],
    "word, embedding learned by rows": ["--variant", "word", "--embedding", "5"],
    "Metropolis-Hastings": ["--sampler", "mh", "--particles", "1"],
    "full schedule, 4 particles": ["--variant", "topic", "--schedule", "full"],
    "beam of 3": ["--beam", "3"],
    "3 restarts, 3 epochs each": ["--restarts", "3", "--epochs", "3"],
    "conditional, beta of greatest likelihood": ["--variant", "topic", "--conditional", "--beta-update", "minka"],
    "full schedule, Metropolis-Hastings": ["--schedule", "full", "--sampler", "mh", "--particles", "1"],
    "warm start": ["--warm-start", "start"],
    "early end, LDA start": ["--start", "lda", "--patience", "1", "--learning-rate", "0.02", "--variant", "topic"],
}


class Bench:
    def __init__(self, program, folder, seed):
        self.program, self.folder = str(pathlib.Path(program).resolve()), pathlib.Path(folder)
        self.random = random.Random(seed)
        self.moments, self.failures, self.compared, self.kills = collections.Counter(), [], 0, 0
        self.run("synthesize", "-o", "log.tsv", "--topics", "6", "--items", "80", "--sequences", "150", "--lengths", "10-40")
        self.run("synthesize", "-o", "before.tsv", "--topics", "6", "--items", "60", "--sequences", "50", "--lengths", "10-40", "--seed", "2")
        # What a fit may go on from, and stays.
        self.run("fit", "before.tsv", "-o", "start", "-q", *SMALL)
        self.given = set(os.listdir(self.folder))

    def start(self, *words):
        return subprocess.Popen([self.program, *words], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *words):
        process = self.start(*words)
        _, messages = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"lla {' '.join(words)}: exit code {process.returncode}: {messages}")

    def fit(self, options, *more):
        return ["fit", "log.tsv", "-o", "out", "-q", *SMALL, *options, "--threads", str(self.random.choice([1, 2])), *more]

    def clear(self):
        for entry in self.folder.iterdir():
            if entry.name not in self.given:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def result(self):
        """Checksums of the model's files; epochs without what a clock says; names of all that lies about."""
        model = self.folder / "out"
        sums = [line for line in (model / "SHA256SUMS").read_text().splitlines() if "training.jsonl" not in line]
        epochs = [json.loads(line) for line in (model / "training.jsonl").read_text().splitlines()]
        for epoch in epochs:
            epoch.pop("tokens_per_second")
        return sums, epochs, sorted(os.listdir(model)), sorted(os.listdir(self.folder))

    def entries(self):
        model = self.folder / "out"
        return set(os.listdir(model) if model.is_dir() else []), set(os.listdir(self.folder))

    def moment(self, before):
        """What the kill hit, as far as the folder shows it; what earlier kills left does not count."""
        inside, beside = self.entries()
        if any(name.startswith(".checkpoint.writing-") for name in inside - before[0]):
            return "a checkpoint half written"
        if any(name.startswith(".out.writing-") for name in beside - before[1]):
            return "the model half written"
        if "checkpoint" in inside:
            return "between checkpoints"
        return "the model done" if "model.safetensors" in inside else "no checkpoint yet"

    def disturb(self, name, options, kills):
        """Fits `options` with so many kills, in several fits from the beginning where one comes to its end before."""
        self.clear()
        began = time.monotonic()
        self.run(*self.fit(options, "--checkpoint-minutes", "0.0005"))
        length = time.monotonic() - began
        expected = self.result()
        self.clear()
        self.run(*self.fit(options, "--seed", "2"))
        if self.result()[0] == expected[0]:
            raise SystemExit("another seed passes for the same model: the comparison sees nothing")
        hits = in_a_row = 0
        self.clear()
        while hits < kills or in_a_row:
            # The last kill of a fit is followed by its end.
            before = self.entries()
            process = self.start(*self.fit(options, "--checkpoint-minutes", "0.0005", "--resume"))
            if hits < kills and in_a_row < 4:
                try:
                    process.wait(timeout=self.random.uniform(0, 1.1 * length))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
            _, messages = process.communicate()
            if process.returncode == -signal.SIGKILL:
                hits, in_a_row = hits + 1, in_a_row + 1
                self.moments[self.moment(before)] += 1
                continue
            self.compared += 1
            if process.returncode != 0:
                self.failures.append(f"{name}: exit code {process.returncode}: {messages.strip()}")
            else:
                parts = ["checksums", "epochs", "files of the model", "files beside it"]
                for part, seen, wanted in zip(parts, self.result(), expected):
                    if seen != wanted:
                        self.failures.append(f"{name}: after {in_a_row} kills other {part}: {seen}, and not {wanted}")
            in_a_row = 0
            self.clear()
        self.kills += hits


def report(bench, seconds, seed):
    machine = f"{os.cpu_count()} processors"
    lines = [
        "# Fits that were killed",
        "",
        f"Written by `kill.py` (seed {seed}, {machine}, {seconds:.0f} s). Each kill is a SIGKILL at a random moment of a fit of the release",
        "program; each fit then goes on with `--resume`, and its model is compared, file by file, with that of an undisturbed fit.",
        "",
        "| | |", "|---|---|",
        f"| kills | {bench.kills} |",
        *(f"| of which hit: {moment} | {count} |" for moment, count in sorted(bench.moments.items())),
        f"| fits that came to their end behind one to four kills, or none, and were compared | {bench.compared} |",
        f"| of which differed from the undisturbed fit, or left anything behind | {len(bench.failures)} |",
        "",
        f"What it has found so far: {FOUND[0].lower()}{FOUND[1:]}",
        "",
        f"Kinds of fit: {'; '.join(FITS)}. One or two threads, drawn anew each time a fit goes on.",
    ]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", default=".build/release/lla")
    parser.add_argument("--report", help="a Markdown file for what was seen")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.program, folder, options.seed)
        fits = list(FITS.items())[:max(1, min(len(FITS), options.kills // 2))]
        for number, (name, words) in enumerate(fits):
            bench.disturb(name, words, options.kills * (number + 1) // len(fits) - options.kills * number // len(fits))
            print(f"{name}: {bench.kills} kills so far, {bench.compared} compared", file=sys.stderr)
    text = report(bench, time.monotonic() - began, options.seed)
    if options.report:
        pathlib.Path(options.report).write_text(text)
    print(text)
    for failure in bench.failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if bench.failures else 0)


main()
