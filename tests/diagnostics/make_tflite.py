"""Writes the TensorFlow Lite files of this folder: several_unsupported.tflite has operators, types and versions that
Thimble does not have, all in one network; zero_point.tflite a weight whose zero point is the least 64-bit integer.
"""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tflite"))

import numpy as np  # noqa: E402
from tflite_file import Network  # noqa: E402


def several_unsupported():
    net = Network()
    x = net.tensor("x", (1, 4), scale=0.1, zero=3)
    made = [net.tensor(name, (1, 4), scale=0.1, zero=3) for name in ("sine", "custom", "later", "y")]
    wide = net.tensor("wide", (1, 4), np.int16, scale=0.1, zero=0)
    net.op("SIN", [x], [made[0]])
    net.op("CUSTOM", [made[0]], [made[1]], custom="Detect")
    net.op("RELU", [made[1]], [made[2]], version=99)
    net.op("RELU", [made[2]], [wide])
    net.op("ADD", [wide, x], [made[3]], act=4)
    net.save(HERE / "several_unsupported.tflite", [x], [made[3]])


def zero_point():
    net = Network()
    x = net.tensor("x", (1, 4), scale=0.1, zero=3)
    weight = net.constant("w", np.ones((2, 4), np.int8), scale=0.1, zero=-(2**63))
    y = net.tensor("y", (1, 2), scale=0.1, zero=3)
    net.op("FULLY_CONNECTED", [x, weight, -1], [y])
    net.save(HERE / "zero_point.tflite", [x], [y])


several_unsupported()
zero_point()
