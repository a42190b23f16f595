"""Each network in each format, read by Thimble, computes what PyTorch and onnxruntime compute; its
integers are the same by the evaluator and by compiled C."""

import os

import numpy as np
import pytest
import torch

import formats
import reference
from networks import NETWORKS

FLOAT_TOLERANCE = 1e-4  # of the output's range
EVERYWHERE = ("pt2", "dynamo", "torchscript11", "torchscript20")
SHAPED = ("concat_inputs", "pools", "reshapes", "resizes")
EXPORTER_LACKS = {  # or leaves out what it cannot write
    ("activations", "torchscript11"): "celu", ("attention", "torchscript11"): "scaled_dot_product_attention",
    ("normalised", "torchscript11"): "rms_norm", ("normalised", "torchscript20"): "rms_norm",
    ("divided_average", "dynamo"): "divisor_override", ("divided_average", "torchscript11"): "divisor_override",
    ("divided_average", "torchscript20"): "divisor_override"}
ONNXRUNTIME_LACKS = {("separable", "torchscript11"): "dilation where the padding is SAME",
                     ("separable", "torchscript20"): "dilation where the padding is SAME"}
THIMBLE_LACKS = {("attention", "torchscript20"): "Trilu, and the shape of a Split's output"}
FLOAT_ONLY = ("choices",)
INT8_MEAN_TOLERANCE = 0.04  # of the output's range, on average; weights are random and untrained


@pytest.fixture(scope="module", params=NETWORKS)
def network(request):
    """(name, module, inputs, PyTorch's outputs)"""
    torch.manual_seed(1)
    module, shapes = NETWORKS[request.param]()
    inputs = reference.samples(shapes)
    return request.param, module, inputs, reference.by_torch(module, inputs)


def export(network, name, directory):
    title, module, inputs, _ = network
    example = tuple(torch.from_numpy(x[0].copy()) for x in inputs)
    return formats.FORMATS[name](module, example, os.path.join(directory, title))


@pytest.mark.parametrize("name", formats.FORMATS)
def test_float_is_what_pytorch_computes(network, name, tmp_path):
    title, _, inputs, expected = network
    if (title, name) in THIMBLE_LACKS:
        pytest.xfail(f"not read yet: {THIMBLE_LACKS[title, name]}")
    if name not in EVERYWHERE and title not in SHAPED:
        pytest.skip("the format differs from others only for networks that compute shapes")
    if (title, name) in EXPORTER_LACKS:
        pytest.skip(f"PyTorch's exporter lacks {EXPORTER_LACKS[title, name]}")
    path = export(network, name, tmp_path)
    reference.assert_close(reference.by_thimble(path, inputs, tmp_path, "--on", "float"), expected,
                           FLOAT_TOLERANCE)
    if path.endswith(".onnx") and (title, name) not in ONNXRUNTIME_LACKS:
        theirs = reference.by_onnxruntime(path, inputs)
        reference.assert_close(theirs, expected, FLOAT_TOLERANCE)


def test_integers_are_the_same_in_c(network, tmp_path):
    title, _, inputs, expected = network
    if title in FLOAT_ONLY:
        pytest.skip("it compares and chooses, which int8 does not")
    path = export(network, "pt2", tmp_path)
    evaluated = reference.by_thimble(path, inputs, tmp_path, "--on", "int", "--raw")
    compiled = reference.by_thimble(path, inputs, tmp_path, "--on", "host", "--raw")
    for ours, theirs in zip(evaluated, compiled, strict=True):
        assert ours.min() < ours.max(), "constant output"
        np.testing.assert_array_equal(ours, theirs)
    for real, wanted in zip(reference.by_thimble(path, inputs, tmp_path, "--on", "int"), expected):
        error = np.abs(real.reshape(wanted.shape) - wanted).mean()
        assert error <= INT8_MEAN_TOLERANCE * np.ptp(wanted)


@pytest.mark.parametrize("opset", [18, 23, 25])
def test_newer_operator_sets_are_read(opset, tmp_path):
    torch.manual_seed(1)
    module, shapes = NETWORKS["pools"]()
    inputs = reference.samples(shapes)
    example = tuple(torch.from_numpy(x[0].copy()) for x in inputs)
    path = formats.dynamo(module, example, os.path.join(tmp_path, "pools"), opset)
    got = reference.by_thimble(path, inputs, tmp_path, "--on", "float")
    reference.assert_close(got, reference.by_torch(module, inputs), FLOAT_TOLERANCE)
