"""Networks that onnxruntime's static quantization wrote (QDQ): Thimble computes onnxruntime's integers without any
samples, within one step (onnxruntime requantizes by floats, Thimble by integers); and what `thimble export` writes
is a sound file that onnxruntime computes alike."""

import os
import subprocess

import numpy as np
import onnx
import pytest
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from torch import nn

import reference

SAMPLES = 64


class Skip(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.last = nn.Linear(4 * 16, 10)

    def forward(self, x):
        first = torch.relu(self.first(x))
        both = torch.relu(self.second(first) + first)
        return self.last(nn.functional.max_pool2d(both, 2).flatten(1))


class Join(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Conv2d(2, 3, 3, padding=1, stride=2)
        self.right = nn.Conv2d(2, 5, 1, stride=2)
        self.up = nn.ConvTranspose2d(8, 2, 4, stride=2, padding=1)

    def forward(self, x):
        return torch.sigmoid(self.up(torch.cat([torch.relu(self.left(x)), self.right(x)], 1)))


NETWORKS = {
    "skip": (Skip, (1, 1, 8, 8)),
    "join": (Join, (1, 2, 8, 8)),
    "mlp": (lambda: nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3)), (1, 6))}
WAYS = {  # activations, weights by channel, zero in the middle
    "int8": (QuantType.QInt8, True, False),
    "uint8": (QuantType.QUInt8, False, False),
    "symmetric": (QuantType.QInt8, True, True)}


class Samples(CalibrationDataReader):
    def __init__(self, shape):
        generator = np.random.default_rng(1)
        self.left = [generator.normal(size=shape).astype(np.float32) for _ in range(32)]

    def get_next(self):
        return {"x": self.left.pop()} if self.left else None


@pytest.fixture(params=[(n, w) for n in NETWORKS for w in WAYS], ids=lambda p: "-".join(p))
def quantized(request, tmp_path):
    """(path of the QDQ file, its inputs, onnxruntime's outputs)"""
    name, way = request.param
    torch.manual_seed(0)
    make, shape = NETWORKS[name]
    real, path = str(tmp_path / "real.onnx"), str(tmp_path / "qdq.onnx")
    torch.onnx.export(make().eval(), (torch.randn(shape),), real, input_names=["x"],
                      output_names=["y"], opset_version=17, dynamo=False)
    activations, by_channel, symmetric = WAYS[way]
    quantize_static(real, path, Samples(shape), quant_format=QuantFormat.QDQ,
                    activation_type=activations, weight_type=QuantType.QInt8, per_channel=by_channel,
                    extra_options={"ActivationSymmetric": symmetric, "WeightSymmetric": True})
    x = np.random.default_rng(2).normal(size=(SAMPLES, *shape)).astype(np.float32)
    return path, x, by_onnxruntime(path, x)


def by_onnxruntime(path, x):
    import onnxruntime
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return np.stack([session.run(None, {"x": sample})[0] for sample in x])


def thimble(*arguments):
    done = subprocess.run([os.environ["THIMBLE"], *arguments], capture_output=True, text=True,
                          timeout=120)
    assert done.returncode == 0, done.stderr


def by_thimble(path, x, on, directory):
    given, got = str(directory / "x.npy"), str(directory / "y.npy")
    np.save(given, reference.without_batch(x) if x.ndim > 2 else x)
    thimble("run", path, "--on", on, "--input", given, "-o", got)
    return np.load(got)


def step_of(path):
    """The scale of the last DequantizeLinear."""
    model = onnx.load(path)
    arrays = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    return [arrays[n.input[1]] for n in model.graph.node if n.op_type == "DequantizeLinear"
            and model.graph.output[0].name in n.output][0].item()


def assert_within_a_step(ours, theirs, step):
    assert np.ptp(theirs, axis=0).max() > 4 * step, "constant output"
    steps = np.abs(ours.reshape(theirs.shape).astype(np.float64) - theirs) / step
    assert steps.max() < 1.01, f"off by {steps.max():.3g} steps"


def test_integers_are_onnxruntimes_within_a_step(quantized, tmp_path):
    path, x, expected = quantized
    evaluated = by_thimble(path, x, "int", tmp_path)
    assert_within_a_step(evaluated, expected, step_of(path))
    np.testing.assert_array_equal(by_thimble(path, x, "host", tmp_path), evaluated)


def test_what_is_written_is_the_same_network(quantized, tmp_path):
    path, x, expected = quantized
    written = str(tmp_path / "written.onnx")
    thimble("export", path, "-o", written)
    onnx.checker.check_model(written, full_check=True)
    assert_within_a_step(by_onnxruntime(written, x), expected, step_of(path))
    np.testing.assert_array_equal(by_thimble(written, x, "int", tmp_path),
                                  by_thimble(path, x, "int", tmp_path))
