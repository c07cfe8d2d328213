#!/usr/bin/env python3
"""Writes Golden/tiny.safetensors with the safetensors package, and the same numbers as Golden/tiny_safetensors.json.

Needs safetensors and numpy; takes a second. Made with safetensors 0.8.0, numpy 2.4.6.
"""
import json
import pathlib

import numpy as np
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).parent / "Golden"
tensors = {
    "weights": np.array([[1.5, -2.25, 3e-30], [0.1, 7.0, -0.0]], dtype=np.float32),
    "sums": np.array([0.1, -1e300, 2.5], dtype=np.float64),
    "counts": np.array([[0, 4294967295], [7, 1]], dtype=np.uint32),
    "signed": np.array([-2147483648, 2147483647, 0], dtype=np.int32),
    "wide": np.array([-9007199254740991, 9007199254740991], dtype=np.int64),
    "scalar": np.array(42.0, dtype=np.float32),
    "empty": np.zeros((0, 3), dtype=np.float32),
    "naïve \"名\"": np.array([1.0], dtype=np.float32),
}
metadata = {"made_by": "the Python package", "quote": "a \"b\" \\ \n é"}
save_file(tensors, folder / "tiny.safetensors", metadata=metadata)

NAMES = {"float32": "F32", "float64": "F64", "int32": "I32", "uint32": "U32", "int64": "I64"}
(folder / "tiny_safetensors.json").write_text(json.dumps({
    "metadata": metadata,
    "tensors": {
        name: {"dtype": NAMES[str(a.dtype)], "shape": list(a.shape), "values": [float(x) for x in a.ravel()]}
        for name, a in tensors.items()
    },
}, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
