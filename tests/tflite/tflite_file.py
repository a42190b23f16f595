"""Writes TensorFlow Lite files: as much of FlatBuffers and of the schema as the tests need.

    net = Network()
    x = net.tensor("x", (1, 4), scale=0.1, zero=3)
    y = net.tensor("y", (1, 4), scale=0.1, zero=3)
    net.op("RELU", [x], [y])
    net.save(path, [x], [y])
"""
import struct

import numpy as np

# Builtin operators and what their options are called: (number, number in the union, field -> (place, kind)).
POOL = (5, {"padding": (0, "b"), "stride_w": (1, "i"), "stride_h": (2, "i"), "filter_width": (3, "i"),
            "filter_height": (4, "i"), "act": (5, "b")})
OPERATORS = {
    "ADD": (0, 11, {"act": (0, "b")}),
    "AVERAGE_POOL_2D": (1, *POOL),
    "CONCATENATION": (2, 10, {"axis": (0, "i"), "act": (1, "b")}),
    "CONV_2D": (3, 1, {"padding": (0, "b"), "stride_w": (1, "i"), "stride_h": (2, "i"), "act": (3, "b"),
                       "dilation_w": (4, "i"), "dilation_h": (5, "i")}),
    "DEPTHWISE_CONV_2D": (4, 2, {"padding": (0, "b"), "stride_w": (1, "i"), "stride_h": (2, "i"),
                                 "depth_multiplier": (3, "i"), "act": (4, "b"), "dilation_w": (5, "i"),
                                 "dilation_h": (6, "i")}),
    "DEQUANTIZE": (6, 0, {}),
    "FULLY_CONNECTED": (9, 8, {"act": (0, "b"), "keep_num_dims": (2, "b")}),
    "LOGISTIC": (14, 0, {}),
    "MAX_POOL_2D": (17, *POOL),
    "MUL": (18, 21, {"act": (0, "b")}),
    "RELU": (19, 0, {}),
    "RELU_N1_TO_1": (20, 0, {}),
    "RELU6": (21, 0, {}),
    "RESHAPE": (22, 17, {}),
    "RESIZE_BILINEAR": (23, 15, {"align_corners": (2, "b"), "half_pixel_centers": (3, "b")}),
    "SOFTMAX": (25, 9, {"beta": (0, "f")}),
    "TANH": (28, 0, {}),
    "CUSTOM": (32, 0, {}),
    "PAD": (34, 22, {}),
    "TRANSPOSE": (39, 26, {}),
    "MEAN": (40, 27, {"keep_dims": (0, "b")}),
    "SUB": (41, 28, {"act": (0, "b")}),
    "SQUEEZE": (43, 30, {"squeeze_dims": (0, "i")}),
    "STRIDED_SLICE": (45, 32, {"begin_mask": (0, "i"), "end_mask": (1, "i"), "ellipsis_mask": (2, "i"),
                               "new_axis_mask": (3, "i"), "shrink_axis_mask": (4, "i")}),
    "SPLIT": (49, 35, {"num_splits": (0, "i")}),
    "PADV2": (60, 43, {}),
    "TRANSPOSE_CONV": (67, 49, {"padding": (0, "b"), "stride_w": (1, "i"), "stride_h": (2, "i"), "act": (3, "b")}),
    "EXPAND_DIMS": (70, 52, {}),
    "SIN": (66, 0, {}),
    "UNPACK": (88, 64, {}),
    "RESIZE_NEAREST_NEIGHBOR": (97, 74, {"align_corners": (0, "b"), "half_pixel_centers": (1, "b")}),
    "LEAKY_RELU": (98, 75, {"alpha": (0, "f")}),
    "QUANTIZE": (114, 0, {}),
    "HARD_SWISH": (117, 0, {}),
}
TYPES = {np.float32: 0, np.float16: 1, np.int32: 2, np.uint8: 3, np.int64: 4, np.int16: 7, np.int8: 9}


class Table:
    """Fields by place: (struct format, value) for a number, else a child."""

    def __init__(self, fields):
        self.fields = {place: value for place, value in fields.items() if value is not None}


class Vector:
    """Numbers of one struct format, or tables (format None)."""

    def __init__(self, kind, values):
        self.kind, self.values = kind, values


class Writer:
    """Parents before children: an offset leads forward."""

    def __init__(self):
        self.bytes = bytearray()
        self.waiting = []  # (place of an offset, what it leads to)

    def align(self, size, offset=0):
        while (len(self.bytes) + offset) % size:
            self.bytes.append(0)

    def table(self, table):
        places, at = {}, 4
        for place, value in sorted(table.fields.items()):
            size = struct.calcsize("<" + value[0]) if isinstance(value, tuple) else 4
            at += -at % size
            places[place] = at
            at += size
        slots = max(places, default=-1) + 1
        self.align(8, offset=4 + 2 * slots)
        start = len(self.bytes) + 4 + 2 * slots
        self.bytes += struct.pack(f"<HH{slots}H", 4 + 2 * slots, at, *(places.get(i, 0) for i in range(slots)))
        self.bytes += struct.pack("<i", 4 + 2 * slots) + bytes(at - 4)
        for place, value in table.fields.items():
            if isinstance(value, tuple):
                struct.pack_into("<" + value[0], self.bytes, start + places[place], value[1])
            else:
                self.waiting.append((start + places[place], value))
        return start

    def vector(self, vector):
        kind = vector.kind or "I"
        self.align(16 if kind == "B" else max(struct.calcsize("<" + kind), 4), offset=4)
        start = len(self.bytes)
        self.bytes += struct.pack("<I", len(vector.values))
        if vector.kind is None:
            self.waiting += [(start + 4 + 4 * i, child) for i, child in enumerate(vector.values)]
            self.bytes += bytes(4 * len(vector.values))
        else:
            self.bytes += struct.pack(f"<{len(vector.values)}{kind}", *vector.values)
        return start

    def write(self, value):
        if isinstance(value, str):
            self.align(4)
            start = len(self.bytes)
            self.bytes += struct.pack("<I", len(value.encode())) + value.encode() + b"\0"
            return start
        return self.table(value) if isinstance(value, Table) else self.vector(value)

    def file(self, root, identifier):
        self.bytes += bytes(4) + identifier
        self.waiting.append((0, root))
        while self.waiting:
            place, value = self.waiting.pop(0)
            struct.pack_into("<I", self.bytes, place, self.write(value) - place)
        return bytes(self.bytes)


class Network:
    def __init__(self):
        self.tensors, self.buffers, self.operators, self.codes = [], [Table({})], [], []

    def tensor(self, name, shape, dtype=np.int8, data=None, scale=None, zero=None, axis=0):
        """`scale` and `zero`: a number, or one each for the channels along `axis`."""
        quantization = None
        if scale is not None:
            scales = np.atleast_1d(np.float32(scale))
            zeros = np.broadcast_to(0 if zero is None else zero, scales.shape)
            quantization = Table({2: Vector("f", list(scales)), 3: Vector("q", [int(z) for z in zeros]),
                                  6: ("i", axis)})
        buffer = 0
        if data is not None:
            buffer = len(self.buffers)
            self.buffers.append(Table({0: Vector("B", np.ascontiguousarray(data, dtype).tobytes())}))
        self.tensors.append(Table({0: Vector("i", list(shape)), 1: ("b", TYPES[dtype]), 2: ("I", buffer), 3: name,
                                   4: quantization}))
        return len(self.tensors) - 1

    def constant(self, name, data, **quantization):
        data = np.asarray(data)
        return self.tensor(name, data.shape, data.dtype.type, data, **quantization)

    def op(self, name, inputs, outputs, version=1, custom=None, **options):
        number, union, fields = OPERATORS[name]
        code = Table({0: ("b", number), 1: custom, 2: ("i", version), 3: ("i", number)})
        self.codes.append(code)
        table = Table({fields[key][0]: Vector(fields[key][1], value) if isinstance(value, list) else
                       (fields[key][1], value) for key, value in options.items()}) if union else None
        self.operators.append(Table({0: ("I", len(self.codes) - 1), 1: Vector("i", inputs), 2: Vector("i", outputs),
                                     3: ("B", union) if union else None, 4: table}))

    def bytes(self, inputs, outputs):
        graph = Table({0: Vector(None, self.tensors), 1: Vector("i", inputs), 2: Vector("i", outputs),
                       3: Vector(None, self.operators)})
        return Writer().file(Table({0: ("I", 3), 1: Vector(None, self.codes), 2: Vector(None, [graph]),
                                    4: Vector(None, self.buffers)}), b"TFL3")

    def save(self, path, inputs, outputs):
        with open(path, "wb") as file:
            file.write(self.bytes(inputs, outputs))
