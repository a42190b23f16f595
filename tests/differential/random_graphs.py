"""Random ONNX graphs of [1, C, H, W] tensors: branches of unequal length that are joined, added or multiplied, windows
of all kinds, resizing, padding, slicing, and a head."""

import random

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

UNARY = ("Relu", "Sigmoid", "Tanh", "Elu", "HardSwish", "Erf", "Softplus", "LeakyRelu", "Abs")
MOST_ELEMENTS = 3000


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.data = np.random.default_rng(seed)
        self.nodes, self.constants, self.shapes = [], [], {}

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def weights(self, *shape):
        """So small that sums stay about as large as their terms: what follows must not magnify their last bits."""
        terms = max(1.0, float(np.prod(shape[1:])))
        return self.constant((self.data.normal(size=shape) / terms**0.5).astype(np.float32))

    def node(self, op, inputs, shape, outputs=1, **attributes):
        names = [f"n{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        for name in names:
            self.shapes[name] = shape
        return names[0] if outputs == 1 else names

    # --- pieces: the name of a tensor in, the name of one out ---

    def window(self, x, kernel_most=4, dilation_most=1):
        """(attributes, output rows and columns) of a sliding window that meets the input everywhere."""
        sizes = self.shapes[x][2:]
        pick = self.random.randint
        kernel = [pick(1, min(kernel_most, size)) for size in sizes]
        dilation = [pick(1, dilation_most) if (k - 1) * dilation_most < size else 1 for k, size in zip(kernel, sizes)]
        span = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
        stride = [pick(1, 2) for _ in sizes]
        before, after = ([pick(0, k // 2) for k in kernel] for _ in range(2))
        out = [(size + b + a - s) // st + 1 for size, b, a, s, st in zip(sizes, before, after, span, stride)]
        attributes = dict(kernel_shape=kernel, strides=stride, pads=before + after)
        if dilation_most > 1:
            attributes["dilations"] = dilation
        return attributes, out

    def conv(self, x, channels=None):
        _, depth, _, _ = self.shapes[x]
        groups = self.random.choice([g for g in (1, 1, 2, depth) if depth % g == 0])
        channels = channels or groups * self.random.randint(1, max(1, 6 // groups))
        if channels % groups:
            groups = 1
        attributes, out = self.window(x, 5, 2)
        weights = self.weights(channels, depth // groups, *attributes["kernel_shape"])
        return self.node("Conv", [x, weights, self.weights(channels)], [1, channels, *out], group=groups, **attributes)

    def same_conv(self, x, channels):
        _, depth, rows, cols = self.shapes[x]
        half = self.random.randint(0, 2)
        weights = self.weights(channels, depth, 2 * half + 1, 2 * half + 1)
        return self.node("Conv", [x, weights], [1, channels, rows, cols], pads=[half] * 4)

    def conv_transpose(self, x):
        _, depth, rows, cols = self.shapes[x]
        channels, kernel, stride = self.random.randint(1, 4), self.random.randint(1, 4), self.random.randint(1, 2)
        weights = self.weights(depth, channels, kernel, kernel)
        out = [(size - 1) * stride + kernel for size in (rows, cols)]
        return self.node("ConvTranspose", [x, weights], [1, channels, *out], strides=[stride] * 2)

    def max_pool(self, x):
        attributes, out = self.window(x, 3)
        return self.node("MaxPool", [x], [1, self.shapes[x][1], *out], **attributes)

    def average_pool(self, x):
        attributes, out = self.window(x, 3)
        return self.node("AveragePool", [x], [1, self.shapes[x][1], *out],
                         count_include_pad=self.random.randint(0, 1), **attributes)

    def unary(self, x):
        return self.node(self.random.choice(UNARY), [x], self.shapes[x])

    def clip(self, x):
        limits = [self.constant(np.float32(-0.8)), self.constant(np.float32(1.1))]
        return self.node("Clip", [x, *limits], self.shapes[x])

    def softmax(self, x):
        return self.node("Softmax", [x], self.shapes[x], axis=self.random.choice([1, 2, 3, -1]))

    def norm(self, x):
        channels = self.shapes[x][1]
        variance = self.constant(np.abs(self.data.normal(size=channels)).astype(np.float32) + 0.5)
        parts = [self.weights(channels) for _ in range(3)]
        return self.node("BatchNormalization", [x, *parts, variance], self.shapes[x])

    def layer_norm(self, x):
        cols = self.shapes[x][3]
        return self.node("LayerNormalization", [x, self.weights(cols), self.weights(cols)], self.shapes[x], axis=-1)

    def resize(self, x):
        _, depth, rows, cols = self.shapes[x]
        out = [1, depth, self.random.randint(1, 2 * rows), self.random.randint(1, 2 * cols)]
        return self.node("Resize", [x, "", "", self.constant(np.array(out, np.int64))], out,
                         mode=self.random.choice(["linear", "cubic"]),
                         coordinate_transformation_mode=self.random.choice(["half_pixel", "asymmetric"]))

    def pad(self, x):
        _, depth, rows, cols = self.shapes[x]
        top, left, bottom, right = (self.random.randint(0, min(2, rows - 1, cols - 1)) for _ in range(4))
        pads = self.constant(np.array([0, 0, top, left, 0, 0, bottom, right], np.int64))
        return self.node("Pad", [x, pads], [1, depth, rows + top + bottom, cols + left + right],
                         mode=self.random.choice(["constant", "edge", "reflect"]))

    def transpose(self, x):
        perm = self.random.choice([[0, 1, 3, 2], [0, 2, 1, 3], [0, 3, 2, 1]])
        return self.node("Transpose", [x], [self.shapes[x][axis] for axis in perm], perm=perm)

    def slice(self, x):
        axis = self.random.randint(1, 3)
        size = self.shapes[x][axis]
        start, step = self.random.randint(0, size // 2), self.random.randint(1, 2)
        shape = list(self.shapes[x])
        shape[axis] = -(-(size - start) // step)
        ends = [self.constant(np.array([value], np.int64)) for value in (start, size, axis, step)]
        return self.node("Slice", [x, *ends], shape)

    def split(self, x):
        """The halves of the channels, in the other order."""
        _, depth, rows, cols = self.shapes[x]
        if depth % 2:
            return self.unary(x)
        halves = self.node("Split", [x], [1, depth // 2, rows, cols], outputs=2, axis=1)
        return self.node("Concat", halves[::-1], self.shapes[x], axis=1)

    def branches(self, x):
        ends = []
        for _ in range(self.random.randint(2, 3)):
            end = x
            for _ in range(self.random.randint(0, 3)):
                end = self.unary(end) if self.random.random() < 0.4 else self.same_conv(end, self.random.randint(1, 5))
            ends.append(end)
        how = self.random.choice(["Concat", "Add", "Mul", "Max", "Sub"])
        if how == "Concat":
            channels = sum(self.shapes[end][1] for end in ends)
            return self.node("Concat", ends, [1, channels, *self.shapes[x][2:]], axis=1)
        first, second = ends[0], ends[1]
        if self.shapes[first] != self.shapes[second]:
            second = self.same_conv(second, self.shapes[first][1])
        return self.node(how, [first, second], self.shapes[first])

    def skip_from_afar(self, x):
        same = [name for name, shape in self.shapes.items() if shape == self.shapes[x] and name != x]
        return self.node("Add", [x, self.random.choice(same)], self.shapes[x]) if same else self.unary(x)

    def head(self, x):
        flat = int(np.prod(self.shapes[x]))
        flattened = self.node("Flatten", [x], [1, flat])
        return self.node("Gemm", [flattened, self.weights(6, flat), self.weights(6)], [1, 6], transB=1)

    def mean(self, x):
        axes = self.random.choice([[2, 3], [1], [3]])
        shape = [1 if i in axes else size for i, size in enumerate(self.shapes[x])]
        return self.node("ReduceMean", [x], shape, axes=axes)

    PIECES = (conv, conv, conv_transpose, max_pool, average_pool, unary, clip, softmax, norm, layer_norm,
              resize, pad, transpose, slice, split, branches, branches, branches, skip_from_afar)


def graph(seed):
    """(model, shape of its input)"""
    writer = Writer(seed)
    shape = [1, writer.random.randint(1, 4), writer.random.randint(5, 12), writer.random.randint(5, 12)]
    writer.shapes["x"] = shape
    value = "x"
    for _ in range(writer.random.randint(3, 9)):
        made = writer.random.choice(Writer.PIECES)(writer, value)
        if np.prod(writer.shapes[made]) <= MOST_ELEMENTS and min(writer.shapes[made]) > 0:
            value = made
    if writer.random.random() < 0.3:
        value = writer.random.choice([Writer.head, Writer.mean])(writer, value)
    if value == "x":
        value = writer.unary(value)
    ports = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape),
             helper.make_tensor_value_info(value, TensorProto.FLOAT, writer.shapes[value])]
    made = helper.make_graph(writer.nodes, f"random{seed}", ports[:1], ports[1:], writer.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model, shape
