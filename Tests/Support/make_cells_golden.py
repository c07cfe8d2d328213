"""Golden values for the topic network with the other recurrent layers, from PyTorch.

    python Tests/Support/make_cells_golden.py

writes Golden/gru_topic.json and Golden/elman_topic.json beside this file (about 20 kB each, below one second), in the shape of
lstm_topic.json. Needs the package torch. Everything is computed in double precision and printed with nine significant digits. All
arrays are flat and row-major.

What the layers compute is left to torch.nn.GRU and torch.nn.RNN, run from reset to reset; here their weights are put in the order
that the engine has. A GRU's input blocks stand as n, r, z, its recurrent blocks as r, z, n; PyTorch's stand as r, z, n. The biases
of r and z, of which PyTorch has two each, are one here; n has one inside the reset gate's product and one outside.

Back-propagation is truncated at the block: a state that is carried in is a constant.
"""

import json
import pathlib

import torch

T, B, K, E, H = 5, 3, 7, 4, 6
torch.set_default_dtype(torch.float64)


def printed(tensor):
    """What is printed must be what was computed with."""
    return torch.tensor([float(f"{v:.9g}") for v in tensor.flatten()]).reshape(tensor.shape)


def flat(tensor):
    if tensor.dim() == 0:
        return float(f"{tensor.item():.9g}")
    if tensor.dtype == torch.float64:
        return [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]
    return tensor.flatten().tolist()


def blocks(matrix, order):
    """Columns in blocks of H, in another order."""
    return torch.cat([matrix[..., j * H:(j + 1) * H] for j in order], dim=-1)


def gru(p):
    layer = torch.nn.GRU(E, H)
    zero = torch.zeros(H)
    # Ours n, r, z -> PyTorch's r, z, n.
    weights = {
        "weight_ih_l0": blocks(p["input"], [1, 2, 0]).T, "weight_hh_l0": p["recurrent"].T,
        "bias_ih_l0": blocks(p["gateBias"], [1, 2, 0]), "bias_hh_l0": torch.cat([zero, zero, p["candidateBias"]]),
    }
    return layer, weights


def elman(p):
    layer = torch.nn.RNN(E, H, nonlinearity="tanh")
    return layer, {"weight_ih_l0": p["input"].T, "weight_hh_l0": p["recurrent"].T, "bias_ih_l0": p["gateBias"], "bias_hh_l0": torch.zeros(H)}


def make(name, build, input_blocks, recurrent_blocks, seed):
    torch.manual_seed(seed)
    parameters = {
        "embedding": torch.randn(K + 1, E),
        "input": torch.randn(E, input_blocks * H) * 0.5,
        "recurrent": torch.randn(H, recurrent_blocks * H) * 0.4,
        "gateBias": torch.randn(input_blocks * H) * 0.3,
        "output": torch.randn(H, K) * 0.8,
        "outputBias": torch.randn(K) * 0.5,
    }
    if name == "gru":
        parameters["candidateBias"] = torch.randn(H) * 0.5
    parameters = {n: printed(p).requires_grad_() for n, p in parameters.items()}
    h0 = printed(torch.randn(B * H) * 0.6).reshape(B, H)
    # Lane 0 starts a sequence at step 0, so that the state carried into it must be ignored; lane 1 carries a state in and starts
    # another sequence at step 2; lane 2 never resets.
    resets = torch.zeros(T, B, dtype=torch.bool)
    resets[0, 0] = resets[2, 1] = True
    targets = torch.randint(K, (T, B))
    inputs = torch.cat([torch.randint(K, (1, B)), targets[:-1]])
    inputs[resets] = K
    # Lane 0 runs dry after step 2, and a cell in the middle of lane 2 is idle.
    live = torch.ones(T, B)
    live[3:, 0] = 0
    live[1, 2] = 0

    def run():
        layer, weights = build(parameters)
        lanes = []
        for b in range(B):
            state, pieces = h0[b][None], []
            starts = [0] + [t for t in range(1, T) if resets[t, b]] + [T]
            for start, end in zip(starts, starts[1:]):
                if resets[start, b]:
                    state = torch.zeros(1, H)
                x = parameters["embedding"][inputs[start:end, b]]
                out, state = torch.func.functional_call(layer, weights, (x, state))
                pieces.append(out)
            lanes.append(torch.cat(pieces))
        hidden = torch.stack(lanes, dim=1)
        return hidden, hidden @ parameters["output"] + parameters["outputBias"]

    def objective(weights):
        hidden, logits = run()
        log_probability = torch.log_softmax(logits, dim=-1).gather(-1, targets[..., None])[..., 0]
        loss = -(weights * log_probability).sum() / weights.sum()
        gradients = dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values()))))
        return {"weights": flat(weights), "loss": flat(loss), "gradients": {n: flat(g) for n, g in gradients.items()}}

    hidden, logits = run()
    golden = {
        "steps": T, "lanes": B, "topics": K, "embeddingWidth": E, "hiddenUnits": H,
        "parameters": {n: flat(p) for n, p in parameters.items()},
        "initialHidden": flat(h0), "initialCell": [0.0] * (B * H),
        "inputs": flat(inputs), "resets": flat(resets), "targets": flat(targets),
        "hidden": flat(hidden), "cell": [0.0] * (T * B * H), "logits": flat(logits),
        "finalHidden": flat(hidden[-1]), "finalCell": [0.0] * (B * H),
        "every": objective(torch.ones(T, B)), "masked": objective(live),
    }
    path = pathlib.Path(__file__).parent / "Golden" / f"{name}_topic.json"
    # One key a line, so that a difference can be read.
    path.write_text("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
    print(f"wrote {path.name}: {path.stat().st_size} bytes")


make("gru", gru, 3, 3, 20140603)
make("elman", elman, 1, 1, 19900301)
