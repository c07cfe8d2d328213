"""Our sweeps of stochastic EM and PyTorch's, by turns: medians, ratios, peak memory, and the limit of the machine's matrix products.

    python sweeps.py --rounds 3

Needs requirements.txt, and `throughput` in .build/release. Prints Markdown tables. What a sweep is, and what is done to be fair to
PyTorch, says pytorch_sweep.py; ours is whole epochs of fits, of which the median is taken. Each program has the cores for itself as far
as this script is concerned: the load average before each is told. Costs five minutes a round on two cores, and 1 GB.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Of each work: what PyTorch is told, and the rows of `throughput`, the first of which the ratio is about.
WORKS = {
    "K=1000 H=250": (["--topics", "1000", "--hidden", "250"], ["K=1000 H=250", "K=1000 H=250, bf16"]),
    "K=200 H=128, 512 tokens an Adam step": (["--topics", "200", "--hidden", "128", "--block-tokens", "512"], ["K=200 H=128", "K=200 H=128, bf16"]),
    "the same, all in blocks of 16 lanes, 32 steps": (["--topics", "200", "--hidden", "128", "--block", "16", "32"], ["K=200 H=128", "K=200 H=128, bf16"]),
}


def run(command):
    """What a program printed, and its peak of memory in bytes."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return output, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def ours(program, row):
    """Tokens/s, the limit of single-precision products, and peak memory of one row; None where the processor has no such row."""
    output, memory = run([program, row])
    found = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in output.splitlines()[2:]]
    return {"rate": float(found[0][2]), "limit": float(found[0][3]), "memory": memory} if found else None


def theirs(words):
    output, memory = run([sys.executable, os.path.join(HERE, "pytorch_sweep.py"), *words])
    return json.loads(output) | {"memory": memory}


def thousands(rates):
    return f"{statistics.median(rates) / 1e3:.1f} k ({min(rates) / 1e3:.1f} to {max(rates) / 1e3:.1f})"


def megabytes(results):
    return f"{max(result['memory'] for result in results) / 1e6:.0f} MB"


def main():
    parser = argparse.ArgumentParser(description="our sweeps beside PyTorch's")
    parser.add_argument("--program", default=".build/release/throughput")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", metavar="WORK", help="works to measure (default: all)")
    options = parser.parse_args()

    works = {work: how for work, how in WORKS.items() if not options.only or work in options.only}
    loads, seen, version, processor = [], {}, "", platform.processor()
    for number in range(options.rounds):
        for work, (words, rows) in works.items():
            for row in rows:
                loads.append(os.getloadavg()[0])
                if result := ours(options.program, row):
                    seen.setdefault((work, row), []).append(result)
            result = theirs(words)
            version, processor = result["version"], result["processor"]
            seen.setdefault((work, None), []).append(result)
        print(f"round {number + 1} done, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)

    print(f"{processor}, {os.cpu_count()} cores; PyTorch {version}; {options.rounds} rounds by turns, load average before each of ours "
          f"{min(loads):.1f} to {max(loads):.1f}. Medians, and their range.\n")
    print("| work | sweep | tokens/s | of the limit of products | against PyTorch's | against its `multinomial` | peak memory |")
    print("|---|---|---|---|---|---|---|")
    fastest, plain = "sweep_tokens_per_second", "sweep_tokens_per_second_multinomial"
    for work, (_, rows) in works.items():
        peer = seen[work, None]
        for row in rows:
            if results := seen.get((work, row)):
                rates = [result["rate"] for result in results]
                share = statistics.median(result["rate"] / result["limit"] for result in results)
                against = [statistics.median(rate / other[key] for rate, other in zip(rates, peer)) for key in (fastest, plain)]
                print(f"| {work} | ours{', bf16' if 'bf16' in row else ''} | {thousands(rates)} | {100 * share:.0f} % | {against[0]:.2f} | {against[1]:.2f} | {megabytes(results)} |")
        for name, key in [("PyTorch, its fastest draw", fastest), ("PyTorch, `torch.multinomial`", plain)]:
            rates = [result[key] for result in peer]
            share = statistics.median(rate / mine["limit"] for mine, rate in zip(seen[work, rows[0]], rates))
            print(f"| {work} | {name} | {thousands(rates)} | {100 * share:.0f} % | | | {megabytes(peer)} |")


if __name__ == "__main__":
    main()
