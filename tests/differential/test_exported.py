"""What `thimble export` writes is the same network: onnxruntime computes from it what PyTorch does, and Thimble reads
it back to the same numbers, floats and integers."""

import os
import subprocess

import numpy as np
import onnx
import pytest
import torch

import formats
import reference
from networks import NETWORKS

FLOAT_TOLERANCE = 1e-4  # of the output's range
REFUSED = {  # with a diagnostic
    "activations": "newer operator sets than 17", "choices": "truth values are no floats in ONNX",
    "divided_average": "ONNX has no divisor"}
INT8_LACKS = {
    "conv_transposed": "zero is not among the levels of the output", "concat_inputs": "the same",
    "two_outputs": "the same", "batch_norms": "a file's BatchNormalization has mean and variance in floats",
    "normalised": "BatchNormalization, too", "grouped_transposed": "ONNX has no scale a channel there"}


@pytest.fixture(scope="module", params=NETWORKS)
def network(request, tmp_path_factory):
    """(name, .pt2 file, inputs, PyTorch's outputs)"""
    torch.manual_seed(1)
    module, shapes = NETWORKS[request.param]()
    inputs = reference.samples(shapes)
    directory = tmp_path_factory.mktemp(request.param)
    example = tuple(torch.from_numpy(x[0].copy()) for x in inputs)
    path = formats.FORMATS["pt2"](module, example, os.path.join(directory, request.param))
    return request.param, path, inputs, reference.by_torch(module, inputs)


def export(path, to, *options):
    return subprocess.run([os.environ["THIMBLE"], "export", path, "-o", str(to), *options],
                          capture_output=True, text=True, timeout=120)


def test_onnxruntime_computes_the_same(network, tmp_path):
    title, path, inputs, expected = network
    written = tmp_path / "written.onnx"
    done = export(path, written, "--numbers", "f32")
    if title in REFUSED:
        assert done.returncode == 2 and not written.exists(), REFUSED[title]
        return
    assert done.returncode == 0, done.stderr
    onnx.checker.check_model(str(written), full_check=True)
    reference.assert_close(reference.by_onnxruntime(str(written), inputs), expected, FLOAT_TOLERANCE)
    reference.assert_close(reference.by_thimble(str(written), inputs, tmp_path, "--on", "float"),
                           expected, FLOAT_TOLERANCE)


def test_integers_are_read_back(network, tmp_path):
    title, path, inputs, _ = network
    if title in REFUSED or title in INT8_LACKS:
        pytest.skip({**REFUSED, **INT8_LACKS}[title])
    written, calib = tmp_path / "written.onnx", reference.write_inputs(inputs, tmp_path)
    done = export(path, written, "--calib", calib)
    assert done.returncode == 0, done.stderr
    ours = reference.by_thimble(path, inputs, tmp_path, "--on", "int", "--raw")
    back = reference.by_thimble(str(written), inputs, tmp_path, "--on", "int", "--raw")
    for one, other in zip(ours, back, strict=True):
        assert one.min() < one.max(), "constant output"
        np.testing.assert_array_equal(one, other)
