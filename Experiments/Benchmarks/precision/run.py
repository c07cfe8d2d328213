#!/usr/bin/env python3
"""What products in bf16 do to perplexity and to the time of a fit.

For each log, seed and precision one fit and one evaluation, of the last 40 % of each sequence given all before it. Prints a row
each, then for each log the differences of the seeds' pairs. Needs a processor with avx512_bf16 or amx_bf16, and `make build`.

    Experiments/Benchmarks/precision/run.py FIFA [--lla .build/release/lla] [--threads N]

FIFA is the log of clicks on the 1998 World Cup's web site (Data/README.md says where to get it); purchases of households
ship with the repository. Cost: 6 fits of 12 epochs on 0.6 million events and 6 on 0.09 million; on two idle cores about ten
minutes, and 0.4 GB of memory.
"""
import argparse, json, math, pathlib, subprocess, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
SEEDS, PRECISIONS = (1, 2, 3), ("single", "bf16")


def measure(lla, log, options, precision, seed, threads):
    with tempfile.TemporaryDirectory() as folder:
        model = f"{folder}/model"
        subprocess.run(
            [lla, "fit", log, "-o", model, "--observe", "0.6", *options, "--seed", str(seed), "--precision", precision, "-q",
             *threads], check=True)
        said = json.loads(subprocess.run([lla, "evaluate", model, log, "--json", *threads], check=True, capture_output=True).stdout)
        epochs = [json.loads(line) for line in open(f"{model}/training.jsonl")]
    rates = sorted(epoch["tokens_per_second"] for epoch in epochs)
    return said["perplexity"], said["perplexity_standard_error"], said["recall@20"], rates[len(rates) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fifa")
    parser.add_argument("--lla", default=ROOT / ".build/release/lla")
    parser.add_argument("--threads", type=int, help="default: one for each processor")
    given = parser.parse_args()
    threads = ["--threads", str(given.threads)] if given.threads else []
    logs = [
        ("household purchases, K=50 H=64", ROOT / "Data/household-purchases.tsv.gz", "--topics 50 --hidden 64 --epochs 12 --variant belief"),
        ("fifa, K=200 H=128", given.fifa, "--topics 200 --hidden 128 --epochs 12 --variant belief"),
    ]
    print("| log | seed | precision | perplexity | standard error | Recall@20 | tokens/s, median of the epochs |")
    print("|---|---|---|---|---|---|---|", flush=True)
    differences = {}
    for name, log, options in logs:
        for seed in SEEDS:
            found = {}
            for precision in PRECISIONS:
                perplexity, error, recall, rate = found[precision] = measure(
                    given.lla, log, options.split(), precision, seed, threads)
                print(f"| {name} | {seed} | {precision} | {perplexity:.2f} | {error:.2f} | {recall:.4f} | {rate:.0f} |", flush=True)
            (single, error, *_), (half, *_) = found["single"], found["bf16"]
            differences.setdefault(name, []).append((half - single, error))
    print("\n| log | bf16 less single, mean of the seeds | its standard error | standard error of one evaluation |")
    print("|---|---|---|---|")
    for name, pairs in differences.items():
        mean = sum(d for d, _ in pairs) / len(pairs)
        spread = math.sqrt(sum((d - mean) ** 2 for d, _ in pairs) / (len(pairs) - 1) / len(pairs))
        print(f"| {name} | {mean:+.2f} | {spread:.2f} | {sum(e for _, e in pairs) / len(pairs):.2f} |")


if __name__ == "__main__":
    main()
