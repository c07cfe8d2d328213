"""How well tomotopy's LDA foretells the next item, scored sequentially, each event given all events before it.

    python tomotopy_sequential_lda.py LOG.tsv[.gz] --topics 200 --alpha 0.02
    python tomotopy_sequential_lda.py LOG.tsv[.gz] --topics 200 --alpha 0.1 --eta 0.001 --sweeps 500 --seed 2

Needs requirements.txt. Prints one JSON object. Of each sequence the head (60 %) is for training and the tail is scored;
cut.py tells the rules. A log of 10^6 events at K=200 takes about two minutes on two cores, and 2 GB.

Training is tomotopy's collapsed Gibbs sampling with a fixed symmetric alpha (its optimisation is off) and eta; phi is
that of the last sweep. One worker, since tomotopy's results depend on their number. Scoring, with n_k = 0 at the start
of each sequence and n the events so far:

    theta_k = (n_k + alpha) / (n + K alpha),   p(w) = sum_k theta_k phi_wk,   n_k += theta_k phi_wk / p(w)

over heads and tails; p(w) counts in tails only. That is more context than LDA's usual held-out score has, and as much
as every other model gets here.
"""

import argparse
import json
import time

import numpy as np
import tomotopy

import cut

# Sequences side by side: enough for matrix products to be fast, and few enough to stay in cache.
LANES = 256


def train(log, options):
    """phi, (V, K)."""
    model = tomotopy.LDAModel(k=options.topics, alpha=options.alpha, eta=options.eta, seed=options.seed, min_cf=0, rm_top=0)
    model.optim_interval = 0
    for n in range(len(log.users)):
        head = log.head(n)
        if len(head):
            model.add_doc([str(w) for w in head])
    model.train(options.sweeps, workers=1)
    found = np.array([int(name) for name in model.used_vocabs])
    phi = np.zeros((len(log.vocabulary), options.topics))
    phi[found] = np.array([model.get_topic_word_dist(k) for k in range(options.topics)]).T
    # Single precision there; a topic's sum is made exact here.
    return phi / phi.sum(axis=0), model


def score(log, phi, alpha):
    topics = phi.shape[1]
    phi_single = np.ascontiguousarray(phi.T, dtype=np.float32)  # (K, V)
    result = cut.Score()
    lengths = np.diff(log.starts)
    # Longest first, so that those which go on are always the first of a batch. No tail: nothing to score.
    order = [n for n in np.argsort(-lengths, kind="stable") if lengths[n] > log.observed[n]]
    for first in range(0, len(order), LANES):
        batch = np.array(order[first:first + LANES])
        counts = np.zeros((len(batch), topics))
        for t in range(lengths[batch[0]]):
            active = int(np.searchsorted(-lengths[batch], -t))  # longer than t
            w = log.items[log.starts[batch[:active]] + t]
            theta = (counts[:active] + alpha) / (t + topics * alpha)
            joint = theta * phi[w]
            p = joint.sum(axis=1)
            counts[:active] += joint / p[:, None]
            scored = np.flatnonzero(log.observed[batch[:active]] <= t)
            if len(scored):
                scores = theta[scored].astype(np.float32) @ phi_single  # (scored, V)
                own = scores[np.arange(len(scored)), w[scored]]
                result.add(np.log(p[scored]), np.count_nonzero(scores >= own[:, None], axis=1))
    return result


def main():
    parser = argparse.ArgumentParser(description="perplexity of tomotopy's LDA, scored sequentially")
    cut.add_arguments(parser)
    parser.add_argument("--topics", type=int, default=200, help="K")
    parser.add_argument("--alpha", type=float, default=0.02, help="concentration of sequences over topics, for each topic")
    parser.add_argument("--eta", type=float, default=0.01, help="concentration of topics over items, for each item")
    parser.add_argument("--sweeps", type=int, default=200, help="passes of Gibbs sampling over the heads")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    log = cut.from_arguments(options)
    begun = time.perf_counter()
    phi, model = train(log, options)
    trained = time.perf_counter()
    figures = score(log, phi, options.alpha).figures()
    scored = time.perf_counter()
    print(json.dumps({
        "program": "tomotopy", "version": tomotopy.__version__, "model": "lda", "topics": options.topics,
        "alpha": options.alpha, "eta": options.eta, "sweeps": options.sweeps, "seed": options.seed,
        "sequences": len(log.users), "items": len(log.vocabulary), "observed": model.num_words,
        "out_of_vocabulary": log.out_of_vocabulary, **figures,
        "seconds": round(scored - begun, 1), "seconds_fit": round(trained - begun, 1),
        "seconds_score": round(scored - trained, 1)}, indent=1))


if __name__ == "__main__":
    main()
