#!/usr/bin/env bash
# Our sweeps and PyTorch's by turns, then our LDA and tomotopy's by turns, as Markdown: result.md and lda.md in the folder above.
#
#   make bench-peers            (or Experiments/Benchmarks/peers/run.sh [LOG], a log for LDA)
#
# Makes a virtual environment in .venv-peers with PyTorch and tomotopy. Cost: about 25 minutes on two idle cores, and 3 GB of disk.
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

echo "## Sweeps, ours and PyTorch's"
echo
$python $here/sweeps.py
echo
echo "## LDA, ours and tomotopy's"
echo
$python $here/lda.py "$log" --topics 1000
