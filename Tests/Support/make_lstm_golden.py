"""Golden values for the topic network, from PyTorch.

    python Tests/Support/make_lstm_golden.py

writes Golden/lstm_topic.json beside this file (about 25 kB, below one second).
Needs the packages torch and numpy. Everything is computed in double precision and
printed with nine significant digits. All arrays are flat and row-major.

The network is written out here gate by gate, as the engine computes it, and then
compared with torch.nn.LSTM, run from reset to reset, before anything is written.

    input row  x_t = embedding[id_t]                 id_t = K, the learned start row, at a reset
    gates      a_t = x_t . input + h_{t-1} . recurrent + gateBias    columns: i, f, g, o, H each
    cell       c_t = sigmoid(f) * c_{t-1} + sigmoid(i) * tanh(g)     h_{t-1}, c_{t-1} = 0 at a reset
    hidden     h_t = sigmoid(o) * tanh(c_t)
    logits     y_t = h_t . output + outputBias
    loss       sum over cells of weight * -log softmax(y_t)[z_t], divided by the sum of the weights

Back-propagation is truncated at the block: h and c that are carried in are constants.
"""

import json
import pathlib

import torch

T, B, K, E, H = 5, 3, 7, 4, 6
torch.set_default_dtype(torch.float64)
torch.manual_seed(20170806)

parameters = {
    "embedding": torch.randn(K + 1, E),
    "input": torch.randn(E, 4 * H) * 0.5,
    "recurrent": torch.randn(H, 4 * H) * 0.4,
    "gateBias": torch.randn(4 * H) * 0.3,
    "output": torch.randn(H, K) * 0.8,
    "outputBias": torch.randn(K) * 0.5,
}
# What is printed must be what was computed with.
parameters = {name: torch.tensor([float(f"{v:.9g}") for v in p.flatten()]).reshape(p.shape).requires_grad_()
              for name, p in parameters.items()}
h0, c0 = (torch.tensor([float(f"{v:.9g}") for v in torch.randn(B * H) * 0.6]).reshape(B, H) for _ in range(2))

# Lane 0 starts a sequence at step 0, so that the state carried into it must be ignored;
# lane 1 carries a state in and starts another sequence at step 2; lane 2 never resets.
resets = torch.zeros(T, B, dtype=torch.bool)
resets[0, 0] = resets[2, 1] = True
targets = torch.randint(K, (T, B))
inputs = torch.cat([torch.randint(K, (1, B)), targets[:-1]])
inputs[resets] = K

# Lane 0 runs dry after step 2, and a cell in the middle of lane 2 is idle.
live = torch.ones(T, B)
live[3:, 0] = 0
live[1, 2] = 0


def by_hand(p, weights):
    h, c = h0, c0
    hidden, cell = [], []
    for t in range(T):
        keep = (~resets[t]).double()[:, None]
        h, c = h * keep, c * keep
        gates = p["embedding"][inputs[t]] @ p["input"] + h @ p["recurrent"] + p["gateBias"]
        i, f, g, o = gates.split(H, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        hidden.append(h)
        cell.append(c)
    hidden, cell = torch.stack(hidden), torch.stack(cell)
    logits = hidden @ p["output"] + p["outputBias"]
    return hidden, cell, logits, loss_of(logits, weights)


def loss_of(logits, weights):
    log_probability = torch.log_softmax(logits, dim=-1).gather(-1, targets[..., None])[..., 0]
    return -(weights * log_probability).sum() / weights.sum()


def by_module(p, weights):
    """The same through torch.nn.LSTM, one call for each run of steps between resets."""
    lstm = torch.nn.LSTM(E, H)
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(p["input"].T)
        lstm.weight_hh_l0.copy_(p["recurrent"].T)
        lstm.bias_ih_l0.copy_(p["gateBias"])
        lstm.bias_hh_l0.zero_()
    embedding = torch.nn.Embedding(K + 1, E, _weight=p["embedding"].detach().clone())
    linear = torch.nn.Linear(H, K)
    with torch.no_grad():
        linear.weight.copy_(p["output"].T)
        linear.bias.copy_(p["outputBias"])
    lanes, cells = [], []
    for b in range(B):
        state = (h0[b][None], c0[b][None])
        starts = [0] + [t for t in range(1, T) if resets[t, b]] + [T]
        pieces = []
        for start, end in zip(starts, starts[1:]):
            if resets[start, b]:
                state = (torch.zeros(1, H), torch.zeros(1, H))
            out, state = lstm(embedding(inputs[start:end, b]), state)
            pieces.append(out)
        lanes.append(torch.cat(pieces))
        cells.append(state[1][0])
    hidden = torch.stack(lanes, dim=1)
    logits = linear(hidden)
    loss = loss_of(logits, weights)
    loss.backward()
    gradients = {
        "embedding": embedding.weight.grad, "input": lstm.weight_ih_l0.grad.T, "recurrent": lstm.weight_hh_l0.grad.T,
        "gateBias": lstm.bias_ih_l0.grad, "output": linear.weight.grad.T, "outputBias": linear.bias.grad,
    }
    return hidden, torch.stack(cells), logits, loss, gradients


def objective(weights):
    hidden, cell, logits, loss = by_hand(parameters, weights)
    gradients = dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values()))))
    module_hidden, module_cell, module_logits, module_loss, module_gradients = by_module(parameters, weights)
    for name, ours, theirs in [
        ("hidden", hidden, module_hidden), ("final cell", cell[-1], module_cell),
        ("logits", logits, module_logits), ("loss", loss, module_loss),
    ] + [(name, gradients[name], module_gradients[name]) for name in parameters]:
        assert torch.allclose(ours, theirs, rtol=1e-11, atol=1e-13), f"{name} disagrees with torch.nn.LSTM"
    return hidden, cell, logits, {"weights": flat(weights), "loss": flat(loss), "gradients": {n: flat(g) for n, g in gradients.items()}}


def flat(tensor):
    if tensor.dim() == 0:
        return float(f"{tensor.item():.9g}")
    if tensor.dtype == torch.float64:
        return [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]
    return tensor.flatten().tolist()


def adam():
    """Three steps of Adam; the values after each."""
    rate, betas, epsilon = 0.01, (0.9, 0.999), 1e-8
    start = [0.5, -1.25, 0.0, 2.0, -0.03125]
    steps = [[0.1, -2.0, 1e-6, 0.0, 3.5], [-0.3, -1.0, 2e-6, 0.25, -3.5], [0.2, 4.0, -1e-6, 0.0, 0.125]]
    value = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.Adam([value], lr=rate, betas=betas, eps=epsilon)
    values = []
    for gradient in steps:
        value.grad = torch.tensor(gradient)
        optimizer.step()
        values.append(flat(value))
    return {"rate": rate, "beta1": betas[0], "beta2": betas[1], "epsilon": epsilon,
            "start": start, "gradients": steps, "values": values}


def sparse_adam():
    """Steps of SparseAdam over a table of which each step touches some rows; all values after each."""
    rate, betas, epsilon, rows, columns = 0.01, (0.9, 0.999), 1e-8, 5, 3
    # A generator of its own, so that nothing else changes with it.
    random = torch.Generator().manual_seed(20150731)
    table = torch.tensor([float(f"{v:.9g}") for v in torch.randn(rows * columns, generator=random)]).reshape(rows, columns)
    table.requires_grad_()
    start, steps = flat(table), []
    optimizer = torch.optim.SparseAdam([table], lr=rate, betas=betas, eps=epsilon)
    for touched in [[0, 3], [3], [4, 0, 1], [3, 1], [2]]:
        gradient = torch.tensor([float(f"{v:.6g}") for v in torch.randn(len(touched) * columns, generator=random)])
        table.grad = torch.sparse_coo_tensor([touched], gradient.reshape(-1, columns), (rows, columns))
        optimizer.step()
        steps.append({"touched": touched, "gradient": flat(gradient), "values": flat(table)})
    return {"rows": rows, "columns": columns, "rate": rate, "beta1": betas[0], "beta2": betas[1], "epsilon": epsilon,
            "start": start, "steps": steps}


def clipping(limit):
    """Global-norm clipping over two parameters at once; gradients shorter than the limit stay."""
    before = [[3.0, -4.0, 1.5], [0.5, 2.0]]
    tensors = [torch.zeros(len(g), requires_grad=True) for g in before]
    for tensor, gradient in zip(tensors, before):
        tensor.grad = torch.tensor(gradient)
    norm = torch.nn.utils.clip_grad_norm_(tensors, limit)
    return {"limit": limit, "before": before, "norm": flat(norm), "after": [flat(t.grad) for t in tensors]}


hidden, cell, logits, every = objective(torch.ones(T, B))
_, _, _, masked = objective(live)
golden = {
    "steps": T, "lanes": B, "topics": K, "embeddingWidth": E, "hiddenUnits": H,
    "parameters": {name: flat(p) for name, p in parameters.items()},
    "initialHidden": flat(h0), "initialCell": flat(c0),
    "inputs": flat(inputs), "resets": flat(resets), "targets": flat(targets),
    "hidden": flat(hidden), "cell": flat(cell), "logits": flat(logits),
    "finalHidden": flat(hidden[-1]), "finalCell": flat(cell[-1]),
    "every": every, "masked": masked,
    "adam": adam(), "sparseAdam": sparse_adam(), "clipping": [clipping(2.5), clipping(100.0)],
}
path = pathlib.Path(__file__).parent / "Golden" / "lstm_topic.json"
path.parent.mkdir(exist_ok=True)
# One key a line, so that a difference can be read.
path.write_text("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
print(f"wrote {path.name}: {path.stat().st_size} bytes")
