"""Writes and reads a safetensors file of a recurrent policy as a PyTorch user has it, with the standard library alone.

usage: pytorch_weights.py write FILE    the policy below; number i of all, in state_dict's order, is i / 4 - 50
       pytorch_weights.py read FILE     prints what a file holds: {name: [dtype, shape, [numbers]]}
"""

import json
import struct
import sys


# Names and shapes of the parameters of torch.nn's modules, in the order of their state_dict.
def linear(inputs, outputs):
    return {"weight": [outputs, inputs], "bias": [outputs]}


def layer_norm(size):
    return {"weight": [size], "bias": [size]}


def gru_cell(inputs, hidden):
    return {"weight_ih": [3 * hidden, inputs], "weight_hh": [3 * hidden, hidden], "bias_ih": [3 * hidden], "bias_hh": [3 * hidden]}


MODULES = {"fc1": linear(5, 8), "norm": layer_norm(8), "rnn": gru_cell(8, 6), "fc2": linear(6, 3)}
STATE = {f"agent.{module}.{name}": shape for module, names in MODULES.items() for name, shape in names.items()}
STATE["agent.log_std"] = [3]


def count(shape):
    return shape[0] * (shape[1] if len(shape) == 2 else 1)


def write(path):
    numbers, tensors = 0, {}
    for name, shape in STATE.items():
        values = [(numbers + i) / 4 - 50 for i in range(count(shape))]
        tensors[name] = (shape, struct.pack(f"<{len(values)}f", *values))
        numbers += len(values)

    # Last first and without padding: a reader must go by the offsets.
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (shape, content) in reversed(tensors.items()):
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header, indent=1).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def read(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    held = {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        held[name] = [tensor["dtype"], tensor["shape"], struct.unpack(f"<{count(tensor['shape'])}f", data[begin:end])]
    print(json.dumps(held))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "read"):
        sys.exit(__doc__)
    {"write": write, "read": read}[sys.argv[1]](sys.argv[2])
