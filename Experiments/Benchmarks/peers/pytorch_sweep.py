"""How many tokens a second PyTorch manages in stochastic EM for topic-LLA, on this machine.

    python pytorch_sweep.py --topics 1000 --hidden 250
    python pytorch_sweep.py --topics 200 --hidden 128 --block-tokens 512
    python pytorch_sweep.py --topics 200 --hidden 128 --block 16 32

Needs requirements.txt. Prints one JSON object; takes about two minutes with the default settings, 1 GB at K=1000.

A sweep is the SE-step over every token and then the M-step over every token:

    SE   lanes of B sequences; at each of T steps LSTMCell, the softmax layer, theta * phi[w], one draw a lane, counts
    M    nn.LSTM over the block, the softmax layer, cross entropy, backward, Adam

so its speed is 1 / (1/SE + 1/M). The sweep is given twice: with torch.multinomial, as anybody would write it, and with
the fastest draw that we found. What is done so that the comparison is fair to PyTorch:

* each step may use its own best block size of those tried, and use of the cores (one operator on all of them, or one
  Python thread with a part of the lanes on each);
* of three ways to draw (multinomial, exponential race, inverse of the cumulative sum) the fastest is taken;
* nothing is charged for preparing data, for resets within a block (there are none), or for renewing phi after a sweep;
* the SE-step runs in inference mode; the draw takes weights that are not normalised again;
* times are medians over blocks, after a warm-up. The fastest block is told too: where it is far ahead of the median, other
  programs had the cores, which PyTorch's threads, spinning for each other, bear badly. Measure again then.

With --block-tokens every M-step block has that many tokens, as where the number of Adam steps matters; lanes of the
SE-step stay free. With --block both steps have that block and no other: so it is where a block's topics are drawn under the
weights that its step of Adam starts from, and gradients are to reach back as far as T.
"""

import argparse
import concurrent.futures
import json
import math
import os
import platform
import resource
import statistics
import time

import torch

DRAWS = ("multinomial", "race", "cumulative")
# Steps of a timed SE-step block. Its speed hardly depends on T, since steps are taken one by one.
SE_STEPS = 64


def draw(weights, how):
    """One column a row, with probability in proportion to its weight."""
    if how == "multinomial":
        return torch.multinomial(weights, 1)[:, 0]
    if how == "race":
        return weights.div_(torch.empty_like(weights).exponential_()).argmax(dim=1)
    total = weights.cumsum(dim=1)
    return torch.searchsorted(total, torch.rand(len(total), 1) * total[:, -1:])[:, 0].clamp_(max=weights.shape[1] - 1)


class SEStep:
    """Samples topics for some lanes; carries state from block to block."""

    def __init__(self, model, phi, counts, lanes, how):
        self.model, self.phi, self.counts, self.how = model, phi, counts, how
        self.cell = torch.nn.LSTMCell(model.embedding.embedding_dim, model.lstm.hidden_size)
        self.cell.load_state_dict({name.removesuffix("_l0"): value for name, value in model.lstm.state_dict().items()})
        self.h = torch.zeros(lanes, model.lstm.hidden_size)
        self.c = torch.zeros_like(self.h)
        self.z = torch.zeros(lanes, dtype=torch.long)

    @torch.inference_mode()
    def run(self, items, old):
        """items, old: (T, lanes). The new topics, likewise."""
        new = torch.empty_like(items)
        for t in range(len(items)):
            self.h, self.c = self.cell(self.model.embedding(self.z), (self.h, self.c))
            theta = torch.softmax(self.model.output(self.h), dim=1)
            self.z = draw(theta.mul_(self.phi[items[t]]), self.how)
            new[t] = self.z
        one = torch.ones(items.numel(), dtype=torch.int32)
        flat = items.flatten()
        self.counts.index_put_((flat, old.flatten()), -one, accumulate=True)
        self.counts.index_put_((flat, new.flatten()), one, accumulate=True)
        return new


class Model(torch.nn.Module):
    def __init__(self, topics, embedding, hidden):
        super().__init__()
        self.embedding = torch.nn.Embedding(topics + 1, embedding)
        self.lstm = torch.nn.LSTM(embedding, hidden)
        self.output = torch.nn.Linear(hidden, topics)


class MStep:
    """Raises the likelihood of a block's topics by one step of Adam; carries state from block to block."""

    def __init__(self, model, lanes):
        self.model = model
        self.adam = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
        self.state = tuple(torch.zeros(1, lanes, model.lstm.hidden_size) for _ in range(2))

    def run(self, inputs, targets):
        """Both (T, lanes)."""
        hidden, state = self.model.lstm(self.model.embedding(inputs), self.state)
        self.state = tuple(s.detach() for s in state)
        logits = self.model.output(hidden)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        self.adam.step()


def measure(action, work, seconds):
    """Work per second of an action that is repeated for a while, after a warm-up, at least five times: (median, fastest)."""
    action()
    action()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return work / statistics.median(times), work / min(times)


def measure_se(options, model, phi, lanes, steps, how, layout):
    counts = torch.zeros(options.items, options.topics, dtype=torch.int32)
    items = torch.randint(options.items, (steps, lanes))
    old = torch.randint(options.topics, (steps, lanes))
    if layout == "operators":
        torch.set_num_threads(options.threads)
        step = SEStep(model, phi, counts, lanes, how)
        return measure(lambda: step.run(items, old), lanes * steps, options.seconds)
    # A part of the lanes, and counts of its own (summed once a sweep, not timed), for each core.
    torch.set_num_threads(1)
    parts = [slice(lanes * i // options.threads, lanes * (i + 1) // options.threads) for i in range(options.threads)]
    workers = [(SEStep(model, phi, counts.clone(), part.stop - part.start, how),
                items[:, part].contiguous(), old[:, part].contiguous()) for part in parts]
    with concurrent.futures.ThreadPoolExecutor(options.threads, initializer=lambda: torch.set_num_threads(1)) as pool:
        def run():
            for done in [pool.submit(step.run, i, o) for step, i, o in workers]:
                done.result()
        return measure(run, lanes * steps, options.seconds)


def measure_m(options, lanes, steps):
    torch.set_num_threads(options.threads)
    step = MStep(Model(options.topics, options.embedding, options.hidden), lanes)
    topics = torch.randint(options.topics, (steps + 1, lanes))
    return measure(lambda: step.run(topics[:-1], topics[1:]), lanes * steps, options.seconds)


def measure_gemm(options):
    """GFLOP/s on all cores: at the shape of the M-step's softmax layer, of one SE-step, and of a large square."""
    torch.set_num_threads(options.threads)
    shapes = {"m_step": (4096, options.hidden, options.topics), "se_step": (64, options.hidden, options.topics),
              "square": (2048, 2048, 2048)}
    result = {}
    for name, (m, k, n) in shapes.items():
        a, b, out = torch.randn(m, k), torch.randn(k, n), torch.empty(m, n)
        repeats = max(1, int(2e9 / (2 * m * k * n)))

        def run():
            for _ in range(repeats):
                torch.mm(a, b, out=out)
        with torch.inference_mode():
            median, _ = measure(run, 2e-9 * m * k * n * repeats, options.seconds)
            result[name] = round(median, 1)
    return result


def processor():
    try:
        with open("/proc/cpuinfo") as info:
            return next(line.split(":")[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def told(speed):
    return {"tokens_per_second": round(speed[0]), "tokens_per_second_fastest_block": round(speed[1])}


def best(rows):
    return max(rows, key=lambda row: row["tokens_per_second"])


def sweep(se, m):
    return round(1 / (1 / se["tokens_per_second"] + 1 / m["tokens_per_second"]))


def main():
    parser = argparse.ArgumentParser(description="tokens a second of a stochastic-EM sweep in PyTorch")
    parser.add_argument("--topics", type=int, default=1000, help="K")
    parser.add_argument("--hidden", type=int, default=250, help="H")
    parser.add_argument("--embedding", type=int, default=64, help="E, width of the input; small is kind to PyTorch")
    parser.add_argument("--items", type=int, default=10000, help="V")
    parser.add_argument("--lanes", type=int, nargs="+", default=[32, 64, 128, 256], help="values of B to try")
    parser.add_argument("--steps", type=int, nargs="+", default=[16, 32, 64], help="values of T to try in the M-step")
    parser.add_argument("--block-tokens", type=int, help="B*T of every M-step block; T follows from B")
    parser.add_argument("--block", type=int, nargs=2, metavar=("B", "T"), help="the block of both steps")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="cores to use")
    parser.add_argument("--seconds", type=float, default=2.0, help="least time for each measurement")
    options = parser.parse_args()
    if options.block:
        options.lanes, options.steps = [options.block[0]], [options.block[1]]
    if min(options.lanes) < options.threads:
        parser.error("each thread needs a lane: give --lanes of at least --threads")
    torch.manual_seed(1)

    model = Model(options.topics, options.embedding, options.hidden)
    phi = torch.rand(options.items, options.topics)
    phi /= phi.sum(dim=0)

    load_before = os.getloadavg()[0]
    gemm = measure_gemm(options)
    # The fastest draw is found at one block size, then used at all.
    trial = sorted(options.lanes)[len(options.lanes) // 2]
    draws = {how: measure_se(options, model, phi, trial, SE_STEPS, how, "lanes")[0] for how in DRAWS}
    se, m = [], []
    for how in dict.fromkeys(["multinomial", max(draws, key=draws.get)]):
        for lanes in options.lanes:
            for layout in ("operators", "lanes"):
                speed = measure_se(options, model, phi, lanes, SE_STEPS, how, layout)
                se.append({"lanes": lanes, "steps": SE_STEPS, "layout": layout, "draw": how} | told(speed))
    blocks = [(lanes, steps) for lanes in options.lanes for steps in options.steps]
    if options.block_tokens:
        blocks = [(lanes, options.block_tokens // lanes) for lanes in sorted({8, 16, *options.lanes})
                  if options.block_tokens % lanes == 0 and 2 <= options.block_tokens // lanes <= 128]
        if not blocks:
            parser.error("--block-tokens must be a multiple of one of --lanes")
    for lanes, steps in blocks:
        m.append({"lanes": lanes, "steps": steps} | told(measure_m(options, lanes, steps)))

    best_se, best_m = best(se), best(m)
    plain_se = best(row for row in se if row["draw"] == "multinomial")
    flop = 3 * 2 * (4 * options.hidden ** 2 + options.topics * options.hidden)
    print(json.dumps({
        "program": "pytorch", "version": torch.__version__, "processor": processor(), "threads": options.threads,
        "load_average_before": load_before,
        "topics": options.topics, "hidden": options.hidden, "embedding": options.embedding, "items": options.items,
        "se_tokens_per_second": best_se["tokens_per_second"],
        "se_tokens_per_second_multinomial": plain_se["tokens_per_second"],
        "m_tokens_per_second": best_m["tokens_per_second"],
        "sweep_tokens_per_second": sweep(best_se, best_m),
        "sweep_tokens_per_second_multinomial": sweep(plain_se, best_m),
        "gemm_gflops": gemm,
        # What the sweep's necessary products (forward once, backward twice) would reach at PyTorch's own best GEMM speed.
        "gemm_limit_tokens_per_second": math.floor(max(gemm.values()) * 1e9 / flop),
        "peak_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "best_se": best_se, "best_se_multinomial": plain_se, "best_m": best_m, "tried_se": se, "tried_m": m,
        "tried_draws": {name: round(speed) for name, speed in draws.items()},
    }, indent=1))


if __name__ == "__main__":
    main()
