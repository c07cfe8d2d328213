#!/usr/bin/env python3
"""Prints the tensors of a model folder, read with the safetensors package (which the tests call this for), as JSON.

    read_model.py MODEL   ->   {"tensors": {name: {"dtype", "shape", "values"}}, "items": [...]}

Needs safetensors and numpy.
"""
import json
import pathlib
import sys

from safetensors import safe_open

model = pathlib.Path(sys.argv[1])
NAMES = {"float32": "F32", "float64": "F64", "int32": "I32", "uint32": "U32", "int64": "I64"}
tensors = {}
with safe_open(model / "model.safetensors", framework="numpy") as file:
    for name in file.keys():
        array = file.get_tensor(name)
        tensors[name] = {
            "dtype": NAMES[str(array.dtype)], "shape": list(array.shape), "values": [float(x) for x in array.ravel()],
        }

ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}


def unescaped(text):
    characters = iter(text)
    return "".join(ESCAPES[next(characters)] if c == "\\" else c for c in characters)


lines = (model / "vocabulary.tsv").read_bytes().decode("utf-8").split("\n")[1:-1]
json.dump({"tensors": tensors, "items": [unescaped(line.split("\t")[1]) for line in lines]}, sys.stdout)
