"""How well a word LSTM, in PyTorch, foretells the next item, each event given all events before it.

    python word_lstm.py LOG.tsv[.gz]                                                        10^6 events
    python word_lstm.py LOG.tsv[.gz] --epochs 20 --dropout 0.3 --block-tokens 256           10^5 events

Needs requirements.txt. Prints one JSON object, and a line an epoch on stderr. Of each sequence the head (60 %) is for
training and the tail is scored; cut.py tells the rules. 600,000 events of training among 2,000 items at H=128 take
about 40 s an epoch on two busy cores, and 1 GB; 40,000 events 2 s.

    x_t = dropout(row of w_{t-1}; the first event has a row of its own),  s_t = LSTM(x_t, s_{t-1}),  s_0 = 0
    p(w_t | past) = softmax(W dropout(s_t) + b)

Training is Adam on blocks of about --block-tokens events: sequences of like length side by side, cut to pieces of at
most --steps events through which the state is carried; gradients do not cross the cuts. The rate falls from epoch to
epoch by equal factors, to --decay of what it was in the last of --epochs. A share of the sequences is kept for
validation: training ends when --patience epochs have brought nothing there, and the best epoch's parameters are scored.
"""

import argparse
import copy
import json
import math
import os
import sys
import time

# Before PyTorch is loaded: threads that wait asleep, instead of spinning. Where other programs want the cores too, spinning
# makes this four times slower; where they do not, it gains little.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch

import cut

# Steps, and sequences side by side, of a block in scoring.
SCORE_STEPS, SCORE_LANES = 64, 128


class WordLSTM(torch.nn.Module):
    def __init__(self, items, embedding, hidden, dropout):
        super().__init__()
        self.start = items  # the row that stands for what is before the first event
        self.embedding = torch.nn.Embedding(items + 1, embedding)
        torch.nn.init.normal_(self.embedding.weight, std=0.1)
        self.lstm = torch.nn.LSTM(embedding, hidden)
        self.output = torch.nn.Linear(hidden, items)
        self.dropout = torch.nn.Dropout(dropout)

    def forward(self, inputs, state, wanted):
        """inputs, wanted: (T, B). The logits of the places that are wanted, (their number, V), and the state behind."""
        hidden, state = self.lstm(self.dropout(self.embedding(inputs)), state)
        return self.output(self.dropout(hidden[wanted])), state


def side_by_side(sequences, start, scored_from, steps):
    """Blocks of sequences side by side, the longest first: (inputs, targets, wanted), each (T, B), T at most steps.

    B shrinks from block to block as sequences end, and those that go on are always the first. Wanted are places of
    events from scored_from on.
    """
    lengths = np.array([len(sequence) for sequence in sequences])
    for first in range(0, lengths.max(), steps):
        active = int((lengths > first).sum())
        here = [sequence[max(first - 1, 0):first + steps] for sequence in sequences[:active]]
        span = min(steps, lengths[0] - first)
        inputs = np.full((span, active), start)
        targets = np.zeros((span, active), dtype=np.int64)
        wanted = np.zeros((span, active), dtype=bool)
        for lane, events in enumerate(here):
            # Inputs are one behind the targets.
            now = events if first == 0 else events[1:]
            before = events[:-1] if first > 0 or len(now) == 0 else now[:-1]
            inputs[(first == 0):len(now), lane] = before
            targets[:len(now), lane] = now
            wanted[max(scored_from[lane] - first, 0):len(now), lane] = True
        yield torch.from_numpy(inputs), torch.from_numpy(targets), torch.from_numpy(wanted)


def carried(state, lanes):
    """The state of the first lanes, those that go on; gradients stop here."""
    return None if state is None else tuple(s.detach()[:, :lanes].contiguous() for s in state)


def batches(sequences, block_tokens, steps, order):
    """Sequences of like length together, the longest first in each; about so many events in a block."""
    ordered = sorted(order, key=lambda n: -len(sequences[n]))  # stable: chance among equals
    found, at = [], 0
    while at < len(ordered):
        span = min(steps, len(sequences[ordered[at]]))
        lanes = max(1, block_tokens // span)
        found.append(ordered[at:at + lanes])
        at += lanes
    return found


@torch.inference_mode()
def score(model, sequences, scored_from):
    """Perplexity and ranks of events from scored_from[n] on, in each sequence."""
    model.eval()
    result = cut.Score()
    order = [n for n in range(len(sequences)) if len(sequences[n]) > scored_from[n]]
    for batch in batches(sequences, SCORE_STEPS * SCORE_LANES, SCORE_STEPS, order):
        state = None
        for inputs, targets, wanted in side_by_side(
                [sequences[n] for n in batch], model.start, [scored_from[n] for n in batch], SCORE_STEPS):
            logits, state = model(inputs, carried(state, inputs.shape[1]), wanted)
            own = logits.gather(1, targets[wanted][:, None])
            ranks = (logits >= own).sum(dim=1)
            result.add((own[:, 0] - logits.logsumexp(dim=1)).double().numpy(), ranks.numpy())
    return result.figures()


def fit(model, train, validation, options):
    """Leaves the model with its best epoch's parameters. Returns figures of the fit."""
    random = np.random.default_rng(options.seed)
    adam = torch.optim.Adam(model.parameters(), lr=options.rate, fused=True)
    best, best_epoch, best_parameters = math.inf, 0, None
    begun = time.perf_counter()
    for epoch in range(1, options.epochs + 1):
        model.train()
        for group in adam.param_groups:
            group["lr"] = options.rate * options.decay ** ((epoch - 1) / max(1, options.epochs - 1))
        found = batches(train, options.block_tokens, options.steps, random.permutation(len(train)))
        loss_sum, tokens = 0.0, 0
        for b in random.permutation(len(found)):
            state = None
            sequences = [train[n] for n in found[b]]
            for inputs, targets, wanted in side_by_side(sequences, model.start, [0] * len(sequences), options.steps):
                logits, state = model(inputs, carried(state, inputs.shape[1]), wanted)
                loss = torch.nn.functional.cross_entropy(logits, targets[wanted], reduction="sum")
                adam.zero_grad(set_to_none=True)
                # By the size of a full block: the few sequences that are longer than others shall not weigh more.
                (loss / options.block_tokens).backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), options.clip)
                adam.step()
                loss_sum += loss.item()
                tokens += len(logits)
        perplexity = score(model, validation, [0] * len(validation))["perplexity"]
        print(f"epoch {epoch}: train {math.exp(loss_sum / tokens):.2f}, validation {perplexity:.2f}, "
              f"{time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
        if perplexity < best:
            best, best_epoch, best_parameters = perplexity, epoch, copy.deepcopy(model.state_dict())
        elif epoch - best_epoch >= options.patience:
            break
    model.load_state_dict(best_parameters)
    return {"epochs": epoch, "best_epoch": best_epoch, "validation_perplexity": best}


def main():
    parser = argparse.ArgumentParser(description="perplexity of an LSTM over items")
    cut.add_arguments(parser)
    parser.add_argument("--hidden", type=int, default=128, help="H")
    parser.add_argument("--embedding", type=int, default=128, help="E")
    parser.add_argument("--epochs", type=int, default=8, help="at most so many passes over the heads")
    parser.add_argument("--patience", type=int, default=2, help="epochs without a better validation that end training")
    parser.add_argument("--validation", type=float, default=0.05, help="share of the sequences that validate")
    parser.add_argument("--dropout", type=float, default=0.1, help="of the LSTM's inputs and outputs")
    parser.add_argument("--rate", type=float, default=3e-3, help="Adam's, in the first epoch")
    parser.add_argument("--decay", type=float, default=0.05, help="the rate's share that is left in the last epoch")
    parser.add_argument("--clip", type=float, default=1.0, help="largest norm of a gradient")
    parser.add_argument("--block-tokens", type=int, default=512, help="events in a step of Adam, about")
    parser.add_argument("--steps", type=int, default=64, help="T, the longest piece of a sequence in a block")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="cores to use")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    log = cut.from_arguments(options)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    begun = time.perf_counter()
    heads = [head for head in (log.head(n) for n in range(len(log.users))) if len(head)]
    order = np.random.default_rng([options.seed, 1]).permutation(len(heads))
    kept = max(1, round(options.validation * len(heads)))
    model = WordLSTM(len(log.vocabulary), options.embedding, options.hidden, options.dropout)
    fitted = fit(model, [heads[n] for n in order[kept:]], [heads[n] for n in order[:kept]], options)
    trained = time.perf_counter()
    figures = score(model, [log.sequence(n) for n in range(len(log.users))], log.observed)
    scored = time.perf_counter()
    print(json.dumps({
        "program": "pytorch", "version": torch.__version__, "model": "word-lstm", "hidden": options.hidden,
        "embedding": options.embedding, "dropout": options.dropout, "rate": options.rate, "decay": options.decay,
        "block_tokens": options.block_tokens, "steps": options.steps, "threads": options.threads, "seed": options.seed,
        "parameters": sum(p.numel() for p in model.parameters()), **fitted,
        "sequences": len(log.users), "items": len(log.vocabulary), "observed": int(log.observed.sum()),
        "out_of_vocabulary": log.out_of_vocabulary, **figures,
        "seconds": round(scored - begun, 1), "seconds_fit": round(trained - begun, 1),
        "seconds_score": round(scored - trained, 1)}, indent=1))


if __name__ == "__main__":
    main()
