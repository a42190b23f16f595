"""Networks whose gradients are compared: those of the differential tests, and here what these leave out. An
entry of CASES is a function that returns a Case."""

import os
import sys
from dataclasses import dataclass
from typing import Callable

import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "differential"))
from networks import NETWORKS, Calls  # noqa: E402

BOTH = ("imported", "passed")


@dataclass
class Case:
    module: nn.Module
    shapes: list
    # Writes the model with these parameters, by name, as a file of the ending; absent: torch.export.
    write: Callable = None
    ending: str = ".pt2"
    draw: Callable = lambda generator, shape: generator.normal(size=shape)
    # Parameters that the graph has no constants of, or whose gradients are nothing but rounding.
    unseen: tuple = ()
    # After which passes constants are no longer the parameters in another order.
    folded: tuple = ()
    passes: tuple = BOTH


def call(function, *shapes, **options):
    return lambda: Case(Calls(function).eval(), list(shapes), **options)


def layers(*parts):
    """A function that makes them anew, on [1, 3, 7, 6]."""
    return lambda: Case(nn.Sequential(*(part() for part in parts)).eval(), [(1, 3, 7, 6)])


def positive(generator, shape):
    return generator.uniform(0.3, 2.0, size=shape)


def within_one(generator, shape):
    return generator.uniform(-0.9, 0.9, size=shape)


def above_one(generator, shape):
    return generator.uniform(1.2, 3.0, size=shape)


class Parameters(nn.Module):
    """A function of (parameters by name, inputs...)."""

    def __init__(self, forward, **shapes):
        super().__init__()
        self.values = nn.ParameterDict({name: torch.randn(shape) * 0.5 for name, shape in shapes.items()})
        self.function = forward

    def forward(self, *inputs):
        return self.function(self.values, *inputs)


def parameters(function, shapes, **parts):
    return lambda: Case(Parameters(function, **parts).eval(), shapes)


# An ONNX node that PyTorch's exporters do not write, and what it means.
def onnx_node(op, function, shapes, parts={}, constants={}, opset=20, arrays_of=dict, **attributes):
    def write(path, values):
        arrays = {**arrays_of({name: values[f"values.{name}"] for name in parts}), **constants}
        inputs = [f"x{i}" for i in range(len(shapes))]
        node = helper.make_node(op, inputs + list(arrays), ["y"], name="n", **attributes)
        _write_graph(path, [node], shapes, arrays, opset)

    return lambda: Case(Parameters(function, **parts).eval(), shapes, write, ".onnx")


def _write_graph(path, nodes, shapes, arrays, opset):
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info(f"x{i}", TensorProto.FLOAT, shape)
                     for i, shape in enumerate(shapes)],
        [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in arrays.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    with open(path, "wb") as file:
        file.write(model.SerializeToString())


def text_form(text, function, shapes):
    def write(path, _):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return lambda: Case(Calls(function).eval(), shapes, write, ".thm")


class Round(torch.autograd.Function):
    """Straight through."""

    @staticmethod
    def forward(_, x):
        return x.round()

    @staticmethod
    def backward(_, gradient):
        return gradient


SCALE, ZERO = 0.1, 7


def fake_quantized(_, x):
    limits = (-128 - ZERO) * SCALE, (127 - ZERO) * SCALE
    return Round.apply(x.clamp(*limits) / SCALE) * SCALE


def write_quantizer(path, _):
    arrays = {"scale": np.float32(SCALE), "zero": np.int8(ZERO)}
    nodes = [helper.make_node("QuantizeLinear", ["x0", "scale", "zero"], ["q"], name="q"),
             helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["y"], name="d")]
    _write_graph(path, nodes, [(1, 3, 5, 4)], arrays, 20)


def quantizer():
    """Inputs beyond the levels, too."""
    return Case(Calls(fake_quantized).eval(), [(1, 3, 5, 4)], write_quantizer, ".onnx",
                lambda generator, shape: generator.normal(size=shape) * 12, passes=("imported",))


def recurrent(layer, *states):
    """The sequence of all outputs, from given states."""
    def make():
        module = Calls(lambda parts, x, *s: parts["layer"](x, s[0] if len(s) == 1 else s)[0] if s
                       else parts["layer"](x)[0], layer=layer()).eval()
        return Case(module, [(1, 6, 4), *states])
    return make


def last_states():
    def forward(parts, x):
        rows, (h, c) = parts["layer"](x)
        return rows, h, c
    return Case(Calls(forward, layer=nn.LSTM(4, 3, batch_first=True)).eval(), [(1, 6, 4)])


def one_bias(values):
    """ONNX has both in one array."""
    return {"W": values["W"], "R": values["R"], "B": np.concatenate([values["WB"], values["RB"]])[None]}


def lstm_clipped(p, x):
    """ONNX's: sequence first, gates i, o, f, c."""
    h = c = torch.zeros(1, 3)
    rows = []
    for step in x:
        sums = step @ p["W"][0].t() + h @ p["R"][0].t() + p["WB"] + p["RB"]
        i, o, f, g = sums.clamp(-0.4, 0.4).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        rows.append(h)
    return torch.stack(rows).unsqueeze(1)


def gru_reset_first(p, x):
    """ONNX's: sequence first, gates z, r, h; linear_before_reset = 0."""
    h = torch.zeros(1, 3)
    rows = []
    for step in x:
        wz, wr, wn = (step @ p["W"][0].t() + p["WB"]).chunk(3, 1)
        rz, rr, rn = p["R"][0].chunk(3, 0)
        bz, br, bn = p["RB"].chunk(3)
        z, r = (wz + h @ rz.t() + bz).sigmoid(), (wr + h @ rr.t() + br).sigmoid()
        n = (wn + (r * h) @ rn.t() + bn).tanh()
        h = (1 - z) * n + z * h
        rows.append(h)
    return torch.stack(rows).unsqueeze(1)


def batch_norm():
    """Mean 0 and variance 1, so that the graph's constants are the parameters."""
    layer = nn.BatchNorm2d(3)
    nn.init.constant_(layer.running_var, 1 - layer.eps)
    nn.init.uniform_(layer.weight, 0.5, 1.5)
    nn.init.uniform_(layer.bias, -0.5, 0.5)
    return Case(nn.Sequential(layer, nn.Tanh()).eval(), [(1, 3, 5, 4)])


class Tied(nn.Module):
    """One matrix, as it is and transposed: its gradient is the sum over both."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 6) * 0.5)

    def forward(self, x):
        return F.linear(torch.tanh(F.linear(x, self.weight)), self.weight.t())


def reductions(parts, x):
    return (x.prod(1), x.sum((1, 3)), x.amax((2, 3)), x.amin(1), x.mean((1, 2)))


def comparisons(parts, x, y):
    """Each on a slice of its own."""
    choices = [x > y, x >= y, x < y, x <= y, x == y.round(), x != y, (x > 0) & (y > 0), (x > 0) | (y > 0),
               torch.logical_xor(x > 0, y > 0), torch.logical_not(x > 0), torch.isnan(x), torch.isinf(x / y),
               x.trunc().to(torch.bool)]
    return torch.cat([torch.where(choice, x * y, x - 2 * y) for choice in choices], 1)


def picked(x, axis, *indices):
    return torch.index_select(x, axis, torch.tensor(indices))


# Of steps, slopes are 0: what is seen is that of the other factor.
def steps(parts, x):
    return torch.cat([x * f(3 * x) for f in (torch.floor, torch.ceil, torch.round, torch.trunc, torch.sign)], 1)


def all_layers():
    """In the order in which they run; one has no bias."""
    return nn.Sequential(nn.Conv2d(1, 4, 3, groups=1), nn.Conv2d(4, 6, (2, 3), groups=2, bias=False),
                         nn.ConvTranspose2d(6, 3, 2, stride=2), nn.Conv2d(3, 4, 1),
                         nn.ConvTranspose2d(4, 6, 3, groups=2), nn.Flatten(), nn.Linear(6 * 8 * 6, 5)).eval()


POOLED_SHAPE = (1, 3, 9, 8)
OWN = {
    "conv_uneven": layers(lambda: nn.ZeroPad2d((1, 0, 2, 1)), lambda: nn.Conv2d(3, 4, 3, 2)),
    "conv_same_even": layers(lambda: nn.Conv2d(3, 4, (2, 4), padding="same"), nn.ReLU),
    "conv_groups": layers(lambda: nn.Conv2d(3, 6, 3, dilation=(2, 1), padding=1, groups=3)),
    "conv_transposed_direct": layers(
        lambda: nn.ConvTranspose2d(3, 4, (3, 2), stride=(2, 3), padding=1, output_padding=(1, 2))),
    "conv_transposed_groups": layers(lambda: nn.Conv2d(3, 4, 1),
                                     lambda: nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2, dilation=2)),
    "conv_transposed_uneven": onnx_node(
        "ConvTranspose", lambda p, x: F.conv_transpose2d(x, p["w"], p["b"], stride=2)[:, :, 1:, :-1],
        [(1, 2, 4, 5)], {"w": (2, 3, 3, 3), "b": (3,)}, strides=[2, 2], pads=[1, 0, 0, 1]),
    "conv_transposed_more": onnx_node(
        "ConvTranspose",
        lambda p, x: F.pad(F.conv_transpose2d(x, p["w"], stride=1), (0, 1, 0, 2)) + p["b"].view(1, 3, 1, 1),
        [(1, 2, 4, 5)], {"w": (2, 3, 3, 3), "b": (3,)}, output_padding=[2, 1]),
    "conv_1d": lambda: Case(nn.Sequential(nn.Conv1d(2, 4, 5, 2, 2), nn.ReLU(), nn.ConvTranspose1d(4, 3, 3, 2)).eval(),
                            [(1, 2, 20)]),
    "tied": lambda: Case(Tied().eval(), [(1, 6)]),
    "batch_norm": batch_norm,
    "max_pool_ceil": call(lambda _, x: F.max_pool2d(x, 3, 2, 1, ceil_mode=True), POOLED_SHAPE),
    "max_pool_dilated": call(lambda _, x: F.max_pool2d(x, (3, 2), 1, 1, (2, 1)), POOLED_SHAPE),
    "average_pool_padded": call(lambda _, x: torch.cat([
        F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), F.avg_pool2d(x, 3, 2, 1, divisor_override=2),
        F.avg_pool2d(x, 3, 2, 1)], 1), POOLED_SHAPE),
    "average_pool_ceil": call(lambda _, x: F.avg_pool2d(x, 2, 3, 1, ceil_mode=True), (1, 3, 10, 7)),
    "average_pool_dilated": onnx_node(
        "AveragePool", lambda p, x: F.conv2d(x, torch.ones(3, 1, 2, 2) / 4, dilation=2, groups=3), [POOLED_SHAPE],
        kernel_shape=[2, 2], dilations=[2, 2]),
    "lp_pool": onnx_node("LpPool", lambda p, x: (F.avg_pool2d(x.abs() ** 3, 2, 2, 0, False, True, 1)) ** (1 / 3),
                         [POOLED_SHAPE], kernel_shape=[2, 2], strides=[2, 2], p=3),
    "lp_pool_padded": onnx_node(
        "LpPool", lambda p, x: F.avg_pool2d(F.pad(x ** 2, (1, 0, 1, 0)), 2, 2, 0, False, True, 1).sqrt(),
        [POOLED_SHAPE], kernel_shape=[2, 2], strides=[2, 2], pads=[1, 1, 0, 0], p=2),
    "lrn": onnx_node("LRN", lambda p, x: F.local_response_norm(x, 3, 0.5, 0.7, 1.5), [(1, 5, 4, 3)], size=3, alpha=0.5,
                     beta=0.7, bias=1.5),
    "reductions": call(reductions, (1, 3, 4, 5)),
    "reduce_l1": onnx_node("ReduceL1", lambda p, x: x.abs().sum((2, 3)), [(1, 3, 4, 5)],
                           constants={"axes": np.array([2, 3])}, keepdims=0),
    "reduce_sum_square": onnx_node("ReduceSumSquare", lambda p, x: x.square().sum(1, True), [(1, 3, 4, 5)],
                                   constants={"axes": np.array([1])}),
    "matmul": call(lambda _, x, y: (x @ y, x[:1] @ y[0], x @ y.transpose(1, 2).contiguous().transpose(1, 2)),
                   (2, 3, 4), (2, 4, 5)),
    "softmax": call(lambda _, x: (x.softmax(1), x.log_softmax(-1)), (1, 5, 4, 3)),
    "threshold": call(lambda _, x: F.threshold(x, 0.2, -1.0), (1, 3, 4, 5)),
    "softsign": onnx_node("Softsign", lambda p, x: F.softsign(x), [(1, 3, 4, 5)]),
    "hard_sigmoid": onnx_node("HardSigmoid", lambda p, x: (0.3 * x + 0.4).clamp(0, 1), [(1, 3, 4, 5)], alpha=0.3,
                              beta=0.4),
    "large": call(lambda _, x: torch.cat([F.elu(x), F.celu(x, 0.8), F.softplus(x), F.mish(x), F.silu(x), F.gelu(x),
                                          F.selu(x)], 1), (1, 3, 4, 5),
                  draw=lambda generator, shape: generator.normal(size=shape) * 60),
    "shrink": call(lambda _, x: torch.cat([F.softshrink(x, 0.3), F.hardshrink(x, 0.4)], 1), (1, 3, 4, 5)),
    "fake_quantize": quantizer,
    "positive": call(lambda _, x: torch.cat([x.log(), x.log2(), x.log10(), x.sqrt(), x.rsqrt(), x.reciprocal(),
                                             x.pow(0.7), x.pow(-2), 2 ** x], 1), (1, 3, 2), draw=positive),
    "trigonometry": call(lambda _, x: torch.cat([x.sin(), x.cos(), x.tan(), x.asin(), x.acos(), x.atan(), x.sinh(),
                                                 x.cosh(), x.asinh(), x.atanh(), x.erf(), x.exp(), x.exp2(), x.abs(),
                                                 -x], 1), (1, 3, 2), draw=within_one),
    "acosh": call(lambda _, x: x.acosh(), (1, 3, 2), draw=above_one),
    "steps": call(steps, (1, 3, 4)),
    "powers": call(lambda _, x, y: x ** y + torch.atan2(x, y), (1, 3, 4), (1, 3, 4), draw=positive),
    "squares": call(lambda _, x: torch.cat([x ** 2, x ** 3, x * x, x.square()], 1), (1, 3, 4)),
    "remainders": call(lambda _, x, y: torch.cat([torch.fmod(3 * x, y), torch.remainder(3 * x, y)], 1), (1, 7),
                       (1, 7), draw=positive),
    "extremes": call(lambda _, x, y: torch.minimum(x, y) * 2 + torch.maximum(x, y).clamp(max=0.7), (1, 3, 4, 5),
                     (1, 3, 1, 5)),
    "comparisons": call(comparisons, (1, 3, 4), (1, 3, 4)),
    "broadcast": call(lambda _, x, y, z: (x * y / (z.abs() + 1) - z, 2 - y, 3 / (z.square() + 1)), (1, 3, 4, 5),
                      (1, 3, 1, 1), (1, 1, 1, 5)),
    "trained_constants": parameters(lambda p, x: torch.cat([x * p["scale"] + p["shift"], p["row"]], 2), [(1, 3, 4, 5)],
                                    scale=(1, 3, 1, 1), shift=(4, 5), row=(1, 3, 1, 5)),
    "prelu": lambda: Case(nn.Sequential(nn.Conv2d(2, 4, 2), nn.PReLU(4, 0.3)).eval(), [(1, 2, 6, 5)]),
    "copy": text_form("graph g\ninput x: f32[4x5x3] dims [1, 3, 4, 5]\nnode c: Copy(x) -> y\n"
                      "output y dims [1, 3, 4, 5]\n", lambda _, x: x * 1, [(1, 3, 4, 5)]),
    "columns": text_form("graph g\ninput x: f32[4x5x3] dims [1, 3, 4, 5]\n"
                         "node c: Columns(x) {begin = 1, end = 4} -> y\noutput y dims [1, 3, 4, 3]\n",
                         lambda _, x: x[..., 1:4], [(1, 3, 4, 5)]),
    "strides": call(lambda _, x: (x[:, :, ::2, 1::2], x.flip(2, 3), x.flip(1)[:, 1:, ::2], x.repeat(1, 2, 1, 2),
                                  x[:, :1].expand(-1, 3, -1, -1) * x, F.pixel_shuffle(x.repeat(1, 4, 1, 1), 2)),
                    (1, 3, 6, 5)),
    "gathered": call(lambda _, x: (picked(x, 1, 2, 0, 0, 1), picked(x, 2, 3, 1, 0), picked(x, 3, 4, 4, 0, 2)), (1, 3, 4, 5)),
    "pads": call(lambda _, x: (F.pad(x, (1, 2, 0, 1), value=0.5), F.pad(x, (1, 2, 2, 1), "reflect"),
                               F.pad(x, (1, 2, 2, 1), "replicate"), F.pad(x, (1, 2, 2, 1), "circular")), (1, 3, 4, 5)),
    "resizes": call(lambda _, x: (F.interpolate(x, scale_factor=(3, 2)), F.interpolate(x, (7, 3)),
                                  F.interpolate(x, (7, 9), mode="bilinear"),
                                  F.interpolate(x, (3, 9), mode="bilinear", align_corners=True),
                                  F.interpolate(x, (7, 3), mode="bicubic")), (1, 3, 4, 5)),
    "lstm": recurrent(lambda: nn.LSTM(4, 3, batch_first=True)),
    "lstm_states": recurrent(lambda: nn.LSTM(4, 3, batch_first=True), (1, 1, 3), (1, 1, 3)),
    "lstm_cells": last_states,
    "lstm_two_ways": recurrent(lambda: nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True)),
    "lstm_clipped": onnx_node("LSTM", lstm_clipped, [(6, 1, 4)],
                              {"W": (1, 12, 4), "R": (1, 12, 3), "WB": (12,), "RB": (12,)}, arrays_of=one_bias,
                              hidden_size=3, clip=0.4),
    "gru": recurrent(lambda: nn.GRU(4, 3, batch_first=True)),
    "gru_states": recurrent(lambda: nn.GRU(4, 3, batch_first=True), (1, 1, 3)),
    "gru_reset_first": onnx_node("GRU", gru_reset_first, [(6, 1, 4)],
                                 {"W": (1, 9, 4), "R": (1, 9, 3), "WB": (9,), "RB": (9,)}, arrays_of=one_bias,
                                 hidden_size=3),
    "rnn": recurrent(lambda: nn.RNN(4, 3, batch_first=True), (1, 1, 3)),
    "rnn_relu": recurrent(lambda: nn.RNN(4, 3, nonlinearity="relu", batch_first=True)),
}

FOLDED = {"batch_norms": BOTH, "weight_expressions": BOTH, "tied_weights": BOTH, "arithmetic": ("passed",)}
UNSEEN = {"activations": ("parts.10.weight",),  # PReLU's one slope is a number
          "normalised": ("parts.a.bias",)}      # which the normalisation takes away
PASSES = {"reductions": ("passed",)}            # before, the places of a maximum are still there


def shared(name):
    def make():
        module, shapes = NETWORKS[name]()
        return Case(module, shapes, unseen=UNSEEN.get(name, ()), folded=FOLDED.get(name, ()),
                    passes=PASSES.get(name, BOTH))
    return make


CASES = {**{name: shared(name) for name in NETWORKS}, **{f"own_{name}": make for name, make in OWN.items()}}
