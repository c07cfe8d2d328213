#!/usr/bin/env bash
# Our sweeps and PyTorch's, interleaved in one run, then our LDA and tomotopy's: result.md and lda.md next to this file's folder.
#
#   make bench-peers            (or Experiments/Benchmarks/peers/run.sh [LOG], a log for LDA)
#
# Makes a virtual environment in .venv-peers with PyTorch and tomotopy. Cost: about 20 minutes on two idle cores, and 3 GB of disk.
# PyTorch suffers badly when anything else has a core: run it on an idle machine.
set -euo pipefail
cd "$(dirname "$0")/../../.."
log=${1:-Data/household-purchases.tsv.gz}
python=.venv-peers/bin/python
if [ ! -x $python ]; then
    python3 -m venv .venv-peers
    .venv-peers/bin/pip install --quiet -r Experiments/Benchmarks/peers/requirements.txt
fi
here=Experiments/Benchmarks/peers

for round in 1 2; do
    echo "## Round $round"
    echo
    .build/release/throughput
    echo
    echo "PyTorch, K=1000 H=250:"
    $python $here/pytorch_sweep.py --topics 1000 --hidden 250
    echo
    echo "PyTorch, K=200 H=128, 512 tokens an Adam step:"
    $python $here/pytorch_sweep.py --topics 200 --hidden 128 --block-tokens 512
    echo
done
echo "## LDA, ours and tomotopy's"
echo
$python $here/lda.py "$log" --topics 1000
