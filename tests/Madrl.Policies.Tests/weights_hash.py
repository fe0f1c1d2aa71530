"""Prints the weights hash of a safetensors file, computed from the file alone.

usage: weights_hash.py FILE

SHA-256 over the tensors in ordinal order of their names; each contributes its name in UTF-8, a zero byte, its dtype, a
zero byte, its shape as decimal numbers joined by commas, a zero byte and its data.
"""

import hashlib
import json
import struct
import sys


def weights_hash(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()

    header.pop("__metadata__", None)
    digest = hashlib.sha256()
    # .NET's ordinal order compares UTF-16 code units.
    for name in sorted(header, key=lambda name: name.encode("utf-16-be", "surrogatepass")):
        tensor = header[name]
        begin, end = tensor["data_offsets"]
        shape = ",".join(str(size) for size in tensor["shape"])
        for text in (name, tensor["dtype"], shape):
            digest.update(text.encode("utf-8") + b"\0")
        digest.update(data[begin:end])
    return digest.hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(weights_hash(sys.argv[1]))
