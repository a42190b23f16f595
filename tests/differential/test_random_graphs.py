"""Random graphs: Thimble's floats, evaluated and in compiled C, are onnxruntime's within what their operators allow
(tolerances.py)."""

import numpy as np
import onnx
import pytest

import random_graphs
import reference
import tolerances

GRAPHS, BATCH = 100, 10


def span(arrays):
    return min(float(np.ptp(array, axis=0).max()) for array in arrays)


@pytest.mark.parametrize("first", range(0, GRAPHS, BATCH))
def test_floats_are_onnxruntimes(first, tmp_path):
    told = 0
    for seed in range(first, first + BATCH):
        model, shape = random_graphs.graph(seed)
        path = str(tmp_path / f"random{seed}.onnx")
        onnx.save(model, path)
        inputs = reference.samples([shape], seed)
        expected = reference.by_onnxruntime(path, inputs)
        if span(expected) <= 0.01 or not all(np.isfinite(array).all() for array in expected):
            continue  # an output that hardly varies proves nothing
        told += 1
        for on in ("float", "host"):
            got = reference.by_thimble(path, inputs, tmp_path, "--on", on, "--numbers", "f32")
            reference.assert_close(got, expected, tolerances.of_graph(model.graph))
    assert told >= BATCH // 2
