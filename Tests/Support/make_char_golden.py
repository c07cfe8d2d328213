"""Golden values for the network that reads spellings, from PyTorch.

    python Tests/Support/make_char_golden.py

writes Golden/char.json beside this file (about 60 kB, some seconds). Needs the package torch. Everything is computed in double precision
and printed with nine significant digits. All arrays are flat and row-major.

What is computed is left to torch.nn.LSTM, bidirectional and over a packed sequence, torch.nn.Linear, and a second torch.nn.LSTM over the
items; here their weights are put in the order that the engine has:

    e        = s_f . D_f + s_b . D_b + d        last states of both directions, over rows of the characters' table
    input    x_t = e of the item before; the learned start row at a reset
    logits   y_t = h_t . output + outputBias
    loss     sum over cells of weight * -log softmax(y_t)[z_t], divided by the sum of the weights

Characters are numbered from 1 in the order in which the names first have them; 0 is any other.
"""

import json
import pathlib

import torch

T, B, K, E, H = 5, 3, 7, 4, 6
A_WIDTH, C = 3, 5
NAMES = ["anna", "b", "naïve café", "bananarama", "Ωmega", "ab", "🧀 cheese"]
STRANGERS = ["cabana", "ZZ top", "bane", ""]
torch.set_default_dtype(torch.float64)
torch.manual_seed(20170811)

numbers = {}
for name in NAMES:
    for character in name:
        numbers.setdefault(character, len(numbers) + 1)
V = len(NAMES)


def printed(tensor):
    """What is printed must be what was computed with."""
    return torch.tensor([float(f"{v:.9g}") for v in tensor.flatten()]).reshape(tensor.shape)


def flat(tensor):
    if tensor.dim() == 0:
        return float(f"{tensor.item():.9g}")
    if tensor.dtype == torch.float64:
        return [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]
    return tensor.flatten().tolist()


shapes = {"character_embedding": (len(numbers) + 1, A_WIDTH, 1.0)}
for way in ["forward", "backward"]:
    shapes |= {f"{way}_recurrent": (C, 4 * C, 0.5), f"{way}_input": (A_WIDTH, 4 * C, 0.6), f"{way}_gate_bias": (1, 4 * C, 0.4)}
shapes |= {
    "spelling": (2 * C, E, 0.9), "spelling_bias": (1, E, 0.3), "start_row": (1, E, 0.7),
    "input": (E, 4 * H, 0.6), "recurrent": (H, 4 * H, 0.4), "gate_bias": (1, 4 * H, 0.3), "output": (H, K, 0.8), "output_bias": (1, K, 0.5),
}
p = {name: printed(torch.randn(rows, columns) * scale).requires_grad_() for name, (rows, columns, scale) in shapes.items()}
h0, c0 = (printed(torch.randn(B * H) * 0.6).reshape(B, H) for _ in range(2))


def rows_of(names):
    """e of each name; the last states of no characters are zeros."""
    words = [torch.tensor([numbers.get(c, 0) for c in name]) for name in names]
    spelled = [n for n, word in enumerate(words) if len(word)]
    packed = torch.nn.utils.rnn.pack_sequence([p["character_embedding"][words[n]] for n in spelled], enforce_sorted=False)
    lstm = torch.nn.LSTM(A_WIDTH, C, bidirectional=True)
    weights = {}
    for way, ending in [("forward", "l0"), ("backward", "l0_reverse")]:
        weights |= {
            f"weight_ih_{ending}": p[f"{way}_input"].T, f"weight_hh_{ending}": p[f"{way}_recurrent"].T,
            f"bias_ih_{ending}": p[f"{way}_gate_bias"][0], f"bias_hh_{ending}": torch.zeros(4 * C),
        }
    _, (last, _) = torch.func.functional_call(lstm, weights, (packed,))
    states = torch.zeros(len(names), 2 * C)
    states[spelled] = torch.cat([last[0], last[1]], dim=1)
    linear = torch.nn.Linear(2 * C, E)
    return torch.func.functional_call(linear, {"weight": p["spelling"].T, "bias": p["spelling_bias"][0]}, (states,))


# Lane 0 starts a sequence at step 0; lane 1 carries a state in and starts another at step 2; lane 2 never resets. Item 3 is never read.
resets = torch.zeros(T, B, dtype=torch.bool)
resets[0, 0] = resets[2, 1] = True
targets = torch.randint(K, (T, B))
inputs = torch.tensor([0, 1, 2, 4, 5, 6])[torch.randint(6, (T, B))]
inputs[resets] = V
live = torch.ones(T, B)
live[3:, 0] = 0
live[1, 2] = 0


def run():
    table = torch.cat([rows_of(NAMES), p["start_row"]])
    lstm = torch.nn.LSTM(E, H)
    weights = {
        "weight_ih_l0": p["input"].T, "weight_hh_l0": p["recurrent"].T, "bias_ih_l0": p["gate_bias"][0], "bias_hh_l0": torch.zeros(4 * H)}
    lanes = []
    for b in range(B):
        state, pieces = (h0[b][None], c0[b][None]), []
        starts = [0] + [t for t in range(1, T) if resets[t, b]] + [T]
        for start, end in zip(starts, starts[1:]):
            if resets[start, b]:
                state = (torch.zeros(1, H), torch.zeros(1, H))
            out, state = torch.func.functional_call(lstm, weights, (table[inputs[start:end, b]], state))
            pieces.append(out)
        lanes.append(torch.cat(pieces))
    logits = torch.stack(lanes, dim=1) @ p["output"] + p["output_bias"]
    log_probability = torch.log_softmax(logits, dim=-1).gather(-1, targets[..., None])[..., 0]
    return table, logits, -(live * log_probability).sum() / live.sum()


table, logits, loss = run()
gradients = dict(zip(p, torch.autograd.grad(loss, list(p.values()))))
golden = {
    "steps": T, "lanes": B, "topics": K, "embeddingWidth": E, "hiddenUnits": H, "characterWidth": A_WIDTH, "characterHidden": C,
    "names": NAMES, "parameters": {n: flat(t) for n, t in p.items()}, "rows": flat(table),
    "strangers": STRANGERS, "strangerRows": flat(rows_of(STRANGERS)),
    "initialHidden": flat(h0), "initialCell": flat(c0), "inputs": flat(inputs), "resets": flat(resets), "targets": flat(targets),
    "weights": flat(live / live.sum()), "logits": flat(logits), "loss": flat(loss), "gradients": {n: flat(g) for n, g in gradients.items()},
}
path = pathlib.Path(__file__).parent / "Golden" / "char.json"
# One key a line, so that a difference can be read.
path.write_text("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
print(f"wrote {path.name}: {path.stat().st_size} bytes")
