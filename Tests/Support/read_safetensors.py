#!/usr/bin/env python3
"""Prints the tensors of a safetensors file as JSON. Nothing but Python itself: the format from its description.

    read_safetensors.py FILE   ->   {"metadata": {...}, "tensors": {name: {"dtype", "shape", "values"}}}
"""
import json
import math
import struct
import sys

CODES = {"F32": "f", "F64": "d", "I32": "i", "U32": "I", "I64": "q"}

with open(sys.argv[1], "rb") as file:
    data = file.read()
(length,) = struct.unpack("<Q", data[:8])
assert (8 + length) % 64 == 0, "the numbers do not begin at a multiple of 64"
header = json.loads(data[8 : 8 + length].decode("utf-8"))
metadata = header.pop("__metadata__", {})
body = data[8 + length :]
tensors, expected = {}, 0
for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
    begin, end = entry["data_offsets"]
    code, count = CODES[entry["dtype"]], math.prod(entry["shape"])
    assert begin == expected, f"{name} begins at {begin}, not at {expected}"
    assert begin % struct.calcsize(code) == 0, f"{name} is not aligned"
    assert end - begin == count * struct.calcsize(code), f"{name} has another size than its shape"
    values = struct.unpack(f"<{count}{code}", body[begin:end])
    tensors[name] = {"dtype": entry["dtype"], "shape": entry["shape"], "values": [float(x) for x in values]}
    expected = end
assert expected == len(body), "bytes are left over"
json.dump({"metadata": metadata, "tensors": tensors}, sys.stdout)
