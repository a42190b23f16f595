"""Writes cases/: small networks around each operator, inputs, and what TensorFlow Lite's reference kernels make of them.

    make_cases.py FOLDER     needs tflite-runtime 2.14 (Python 3.11, numpy 1)

The files are committed: check_cases.py needs no TensorFlow. Each case is NAME.tflite, NAME.x.npy (samples along the
first axis) and NAME.y.npy.
"""
import pathlib
import sys

import numpy as np
from tflite_runtime import interpreter

from tflite_file import Network

SAMPLES = 3


class Case:
    """A network of one input that is built operator by operator."""

    def __init__(self, seed, shape, quantized=True):
        self.random = np.random.default_rng(seed)
        self.net, self.quantized, self.count = Network(), quantized, 0
        self.x = self.tensor(shape)
        self.y = self.x
        self.shapes = {self.x: shape}

    def scale(self, around=0.05):
        return np.float32(around * self.random.uniform(0.5, 2))

    def tensor(self, shape, scale=None, zero=None):
        """An activation; its quantization is drawn unless it is given."""
        self.count += 1
        name = f"t{self.count}"
        if not self.quantized:
            made = self.net.tensor(name, shape, np.float32)
        else:
            made = self.net.tensor(name, shape, scale=self.scale() if scale is None else scale,
                                   zero=int(self.random.integers(-128, 128)) if zero is None else zero)
        return self.know(made, shape)

    def know(self, tensor, shape):
        if hasattr(self, "shapes"):
            self.shapes[tensor] = shape
        return tensor

    def like(self, tensor, shape):
        """An activation with the quantization of another."""
        if not self.quantized:
            return self.tensor(shape)
        parts = self.net.tensors[tensor].fields[4].fields
        return self.tensor(shape, parts[2].values[0], parts[3].values[0])

    def scale_of(self, tensor):
        return self.net.tensors[tensor].fields[4].fields[2].values[0]

    def indices(self, values):
        self.count += 1
        return self.net.constant(f"c{self.count}", np.array(values, np.int32))

    def weights(self, shape, axis, bias_count, x, by_channel=True):
        """Weights and bias, quantized along an axis."""
        self.count += 1
        count = shape[axis] if by_channel else 1
        name = f"w{self.count}"
        if not self.quantized:
            return (self.net.constant(name, self.random.normal(0, 0.5, shape).astype(np.float32)),
                    self.net.constant(name + "_bias", self.random.normal(0, 0.5, bias_count).astype(np.float32)))
        scales = np.float32(0.01 * self.random.uniform(0.3, 2, count))
        integers = self.random.integers(-127, 128, shape).astype(np.int8)
        biases = self.random.integers(-3000, 3000, bias_count).astype(np.int32)
        bias_scales = np.float32(scales * self.scale_of(x))
        return (self.net.constant(name, integers, scale=scales, axis=axis),
                self.net.constant(name + "_bias", biases, scale=bias_scales))

    def op(self, name, inputs, out, **options):
        self.net.op(name, inputs, [out] if isinstance(out, int) else out, **options)
        self.y = out
        return out


def conv(case, x, out_c, kernel, stride=(1, 1), same=True, act=0, dilation=(1, 1), groups=1, by_channel=True):
    _, h, w, c = case.shapes[x]
    weight, bias = case.weights((out_c, *kernel, c // groups), 0, out_c, x, by_channel)
    size = window_size((h, w), kernel, stride, dilation, same)
    return case.op("CONV_2D", [x, weight, bias], case.tensor((1, *size, out_c)), padding=0 if same else 1,
                   stride_h=stride[0], stride_w=stride[1], act=act, dilation_h=dilation[0], dilation_w=dilation[1])


def window_size(size, kernel, stride, dilation, same):
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
    if same:
        return [-(-n // s) for n, s in zip(size, stride)]
    return [(n - k) // s + 1 for n, k, s in zip(size, spans, stride)]


def depthwise(case, x, multiplier, kernel, stride=(1, 1), same=True, act=0):
    _, h, w, c = case.shapes[x]
    weight, bias = case.weights((1, *kernel, c * multiplier), 3, c * multiplier, x)
    size = window_size((h, w), kernel, stride, (1, 1), same)
    return case.op("DEPTHWISE_CONV_2D", [x, weight, bias], case.tensor((1, *size, c * multiplier)),
                   padding=0 if same else 1, stride_h=stride[0], stride_w=stride[1], act=act,
                   depth_multiplier=multiplier, dilation_w=1, dilation_h=1)


def transposed(case, x, out_c, kernel, stride, same, extra=(0, 0)):
    _, h, w, c = case.shapes[x]
    weight, bias = case.weights((out_c, *kernel, c), 0, out_c, x)
    size = [n * s if same else (n - 1) * s + k + e for n, k, s, e in zip((h, w), kernel, stride, extra)]
    shape = case.indices([1, *size, out_c])
    return case.op("TRANSPOSE_CONV", [shape, weight, x, bias], case.tensor((1, *size, out_c)), version=3,
                   padding=0 if same else 1, stride_h=stride[0], stride_w=stride[1])


def dense(case, x, out, act=0, keep=False, by_channel=False, has_bias=True):
    shape = case.shapes[x]
    weight, bias = case.weights((out, shape[-1] if keep else int(np.prod(shape))), 0, out, x, by_channel)
    made = (*shape[:-1], out) if keep else (1, out)
    return case.op("FULLY_CONNECTED", [x, weight, bias if has_bias else -1], case.tensor(made), act=act,
                   keep_num_dims=int(keep), version=4)


def pool(case, x, name, kernel, stride, same=True, act=0):
    _, h, w, c = case.shapes[x]
    size = window_size((h, w), kernel, stride, (1, 1), same)
    return case.op(name, [x], case.like(x, (1, *size, c)), padding=0 if same else 1, filter_height=kernel[0],
                   filter_width=kernel[1], stride_h=stride[0], stride_w=stride[1], act=act)


def rescaled(case, x, zero=None):
    return case.op("QUANTIZE", [x], case.tensor(case.shapes[x], zero=zero), version=2)


def real_ends(case, x, middle):
    """What converters make unless they are told otherwise: int8 between float inputs and outputs."""
    given = case.net.tensor("given", case.shapes[x], np.float32)
    case.op("QUANTIZE", [given], x, version=2)
    made = middle(x)
    out = case.net.tensor("made", case.shapes[made], np.float32)
    case.op("DEQUANTIZE", [made], out, version=2)
    case.x, case.quantized = given, False


def arithmetic(case, x, name, act=0, constant=None):
    other = rescaled(case, x) if case.quantized else case.op("RELU", [x], case.tensor(case.shapes[x]))
    if constant is not None and case.quantized:
        other = case.net.constant("k", case.random.integers(-128, 128, constant).astype(np.int8), scale=case.scale(),
                                  zero=int(case.random.integers(-128, 128)))
    elif constant is not None:
        other = case.net.constant("k", case.random.normal(0, 1, constant).astype(np.float32))
    scale = {"MUL": 0.3}.get(name, 0.1)
    made = case.tensor(case.shapes[x], scale=case.scale(scale) if case.quantized else None)
    return case.op(name, [x, other], made, act=act)


def unary(case, x, name, scale=None, zero=None, **options):
    made = case.like(x, case.shapes[x]) if scale == "same" else case.tensor(case.shapes[x], scale, zero)
    return case.op(name, [x], made, **options)


def softmax(case, x):
    return unary(case, x, "SOFTMAX", 1 / 256, -128, beta=1.0)


def mean(case, x, axes, keep, same=False):
    shape = case.shapes[x]
    made = [1 if i in axes else n for i, n in enumerate(shape) if keep or i not in axes]
    out = case.like(x, tuple(made)) if same else case.tensor(tuple(made), case.quantized and case.scale(0.012))
    return case.op("MEAN", [x, case.indices(axes)], out, keep_dims=int(keep))


def concat(case, x, axis):
    other = pool(case, x, "MAX_POOL_2D", (3, 3), (1, 1))
    shape = list(case.shapes[x])
    shape[axis] *= 2
    return case.op("CONCATENATION", [x, other], case.like(x, tuple(shape)), axis=axis)


def pad(case, x, before, after, value=None):
    shape = tuple(n + b + a for n, b, a in zip(case.shapes[x], before, after))
    inputs = [x, case.indices(list(zip(before, after)))]
    made = case.like(x, shape)
    if value is not None:
        quantization = case.net.tensors[x].fields.get(4)
        kind = np.int8 if case.quantized else np.float32
        number = case.net.constant("value", np.array([value], kind))
        case.net.tensors[number].fields[4] = quantization
        if quantization is None:
            del case.net.tensors[number].fields[4]
        inputs.append(number)
    return case.op("PAD" if value is None else "PADV2", inputs, made)


def reshape(case, x, shape, name="RESHAPE"):
    second = case.indices(list(shape))
    if name == "EXPAND_DIMS":
        second = case.indices([[i for i, n in enumerate(shape) if n == 1][-1]])
    if name == "SQUEEZE":
        return case.op(name, [x], case.like(x, shape), squeeze_dims=[2])
    return case.op(name, [x, second], case.like(x, shape))


def resize(case, x, name, size, align=0, half=0):
    _, _, _, c = case.shapes[x]
    return case.op(name, [x, case.indices(list(size))], case.like(x, (1, *size, c)), version=3 if half else 1,
                   align_corners=align, half_pixel_centers=half)


def strided_slice(case, x, begin, end, step, shape, **masks):
    return case.op("STRIDED_SLICE", [x, case.indices(begin), case.indices(end), case.indices(step)],
                   case.like(x, shape), **masks)


def split(case, x, axis, count):
    shape = list(case.shapes[x])
    shape[axis] //= count
    parts = [case.like(x, tuple(shape)) for _ in range(count)]
    case.op("SPLIT", [case.indices(axis), x], parts, num_splits=count)
    return case.op("CONCATENATION", parts[::-1], case.like(x, case.shapes[x]), axis=axis)


def transpose(case, x, perm):
    shape = case.shapes[x]
    return case.op("TRANSPOSE", [x, case.indices(perm)], case.like(x, tuple(shape[i] for i in perm)))


def residual(case, x):
    """What most networks are: convolutions, a shortcut, a pooling, a classifier."""
    y = conv(case, x, 8, (3, 3), act=1)
    z = conv(case, depthwise(case, y, 1, (3, 3), act=1), 8, (1, 1))
    s = case.op("ADD", [y, z], case.tensor(case.shapes[y], case.scale(0.1)), act=1)
    p = pool(case, s, "AVERAGE_POOL_2D", case.shapes[s][1:3], (1, 1), same=False)
    return softmax(case, dense(case, reshape(case, p, (1, 8)), 5))


PICTURE, FLAT = (1, 7, 6, 4), (1, 40)
CASES = {
    "conv_same": (PICTURE, lambda c: conv(c, c.x, 6, (3, 3))),
    "conv_valid_relu": (PICTURE, lambda c: conv(c, c.x, 5, (3, 2), same=False, act=1)),
    "conv_stride_relu6": (PICTURE, lambda c: conv(c, c.x, 5, (3, 3), (2, 2), act=3)),
    "conv_dilated": ((1, 9, 9, 3), lambda c: conv(c, c.x, 4, (3, 3), dilation=(2, 2))),
    "conv_pointwise_n1": (PICTURE, lambda c: conv(c, c.x, 9, (1, 1), act=2)),
    "conv_even_kernel": ((1, 8, 5, 2), lambda c: conv(c, c.x, 3, (4, 2), (3, 2))),
    "conv_one_row": ((1, 1, 9, 3), lambda c: conv(c, c.x, 4, (1, 3))),
    "conv_one_scale": (PICTURE, lambda c: conv(c, c.x, 6, (3, 3), by_channel=False)),
    "depthwise": (PICTURE, lambda c: depthwise(c, c.x, 1, (3, 3), act=1)),
    "depthwise_multiplied": ((1, 8, 8, 3), lambda c: depthwise(c, c.x, 2, (3, 3), (2, 2))),
    "depthwise_of_one": ((1, 9, 7, 1), lambda c: depthwise(c, c.x, 8, (5, 3), (2, 2), same=False, act=3)),
    "transposed_same": ((1, 4, 3, 3), lambda c: transposed(c, c.x, 4, (3, 3), (2, 2), True)),
    "transposed_valid": ((1, 4, 5, 3), lambda c: transposed(c, c.x, 2, (3, 2), (1, 2), False)),
    "transposed_even": ((1, 3, 4, 2), lambda c: transposed(c, c.x, 3, (2, 2), (2, 2), True)),
    "transposed_wide": ((1, 3, 3, 2), lambda c: transposed(c, c.x, 3, (4, 4), (2, 2), True)),
    "dense": (FLAT, lambda c: dense(c, c.x, 11)),
    "dense_relu": ((1, 3, 4, 5), lambda c: dense(c, c.x, 7, act=1)),
    "dense_kept": ((1, 6, 5), lambda c: dense(c, c.x, 7, act=3, keep=True)),
    "max_pool": (PICTURE, lambda c: pool(c, c.x, "MAX_POOL_2D", (3, 3), (2, 2))),
    "max_pool_relu": (PICTURE, lambda c: pool(c, c.x, "MAX_POOL_2D", (2, 2), (2, 2), same=False, act=1)),
    "average_pool": (PICTURE, lambda c: pool(c, c.x, "AVERAGE_POOL_2D", (3, 3), (2, 2))),
    "average_pool_relu6": (PICTURE, lambda c: pool(c, c.x, "AVERAGE_POOL_2D", (3, 2), (1, 1), act=3)),
    "add": (PICTURE, lambda c: arithmetic(c, c.x, "ADD")),
    "add_relu": (PICTURE, lambda c: arithmetic(c, c.x, "ADD", act=1)),
    "add_by_channel": (PICTURE, lambda c: arithmetic(c, c.x, "ADD", constant=(4,))),
    "add_number": (PICTURE, lambda c: arithmetic(c, c.x, "ADD", constant=(1,))),
    "sub": (PICTURE, lambda c: arithmetic(c, c.x, "SUB", act=3)),
    "sub_by_row": (PICTURE, lambda c: arithmetic(c, c.x, "SUB", constant=(1, 7, 1, 1))),
    "mul": (PICTURE, lambda c: arithmetic(c, c.x, "MUL")),
    "mul_by_pixel": (PICTURE, lambda c: arithmetic(c, c.x, "MUL", constant=(1, 7, 6, 1), act=1)),
    "concat_channels": (PICTURE, lambda c: concat(c, c.x, 3)),
    "concat_rows": (PICTURE, lambda c: concat(c, c.x, 1)),
    "concat_columns": (PICTURE, lambda c: concat(c, c.x, 2)),
    "pad": (PICTURE, lambda c: pad(c, c.x, (0, 1, 2, 0), (0, 2, 1, 0))),
    "pad_channels": (PICTURE, lambda c: pad(c, c.x, (0, 0, 1, 3), (0, 0, 0, 1))),
    "pad_value": (PICTURE, lambda c: pad(c, c.x, (0, 1, 1, 0), (0, 1, 1, 0), value=37)),
    "mean": (PICTURE, lambda c: mean(c, c.x, [1, 2], True)),
    "mean_dropped": (PICTURE, lambda c: mean(c, c.x, [1, 2], False, same=True)),
    "mean_of_channels": (PICTURE, lambda c: mean(c, c.x, [3], False)),
    "mean_of_rows": (PICTURE, lambda c: mean(c, c.x, [1], True)),
    "logistic": (PICTURE, lambda c: unary(c, c.x, "LOGISTIC", 1 / 256, -128)),
    "tanh": (PICTURE, lambda c: unary(c, c.x, "TANH", 1 / 128, 0)),
    "softmax": (FLAT, lambda c: softmax(c, c.x)),
    "softmax_pixels": (PICTURE, lambda c: softmax(c, c.x)),
    "relu": (PICTURE, lambda c: unary(c, c.x, "RELU")),
    "relu_same": (PICTURE, lambda c: unary(c, c.x, "RELU", "same")),
    "relu6": (PICTURE, lambda c: unary(c, c.x, "RELU6")),
    "relu_n1_to_1": (PICTURE, lambda c: unary(c, c.x, "RELU_N1_TO_1", "same")),
    "leaky_relu": (PICTURE, lambda c: unary(c, c.x, "LEAKY_RELU", alpha=0.17)),
    "hard_swish": (PICTURE, lambda c: unary(c, c.x, "HARD_SWISH", 0.06)),
    "quantize": (PICTURE, lambda c: rescaled(c, c.x)),
    "reshape": (PICTURE, lambda c: reshape(c, conv(c, c.x, 4, (1, 1)), (1, 12, 14))),
    "squeeze": ((1, 5, 1, 6), lambda c: reshape(c, conv(c, c.x, 3, (1, 1)), (1, 5, 3), "SQUEEZE")),
    "expand_dims": ((1, 30), lambda c: dense(c, reshape(c, c.x, (1, 30, 1), "EXPAND_DIMS"), 3)),
    "resize_nearest": ((1, 4, 5, 2), lambda c: resize(c, c.x, "RESIZE_NEAREST_NEIGHBOR", (8, 10))),
    "resize_nearest_odd": ((1, 4, 5, 2), lambda c: resize(c, c.x, "RESIZE_NEAREST_NEIGHBOR", (7, 3))),
    "resize_nearest_half": ((1, 4, 5, 2), lambda c: resize(c, c.x, "RESIZE_NEAREST_NEIGHBOR", (7, 9), half=1)),
    "resize_nearest_aligned": ((1, 4, 5, 2), lambda c: resize(c, c.x, "RESIZE_NEAREST_NEIGHBOR", (9, 7), align=1)),
    "resize_bilinear": ((1, 4, 5, 2), lambda c: resize(c, c.x, "RESIZE_BILINEAR", (8, 10))),
    "resize_bilinear_odd": ((1, 7, 5, 3), lambda c: resize(c, c.x, "RESIZE_BILINEAR", (10, 3))),
    "resize_bilinear_half": ((1, 4, 5, 2), lambda c: resize(c, c.x, "RESIZE_BILINEAR", (9, 7), half=1)),
    "resize_bilinear_aligned": ((1, 4, 5, 2), lambda c: resize(c, c.x, "RESIZE_BILINEAR", (7, 11), align=1)),
    "slice": (PICTURE, lambda c: strided_slice(c, c.x, [0, 1, 0, 1], [1, 6, 6, 4], [1, 2, 1, 1], (1, 3, 6, 3))),
    "slice_masked": (PICTURE, lambda c: strided_slice(c, c.x, [0, 9, -4, 0], [0, 9, 9, 2], [1, 1, 1, 1], (1, 7, 4, 2),
                                                      begin_mask=3, end_mask=7)),
    "slice_backwards": (PICTURE, lambda c: strided_slice(c, c.x, [0, 0, 0, 0], [0, 0, 0, 0], [1, -1, 1, 1], PICTURE,
                                                         begin_mask=15, end_mask=15)),
    "slice_shrunk": (PICTURE, lambda c: strided_slice(c, c.x, [0, 2, 0, 0], [1, 3, 6, 4], [1, 1, 1, 1], (1, 6, 4),
                                                      shrink_axis_mask=2)),
    "split_channels": (PICTURE, lambda c: split(c, c.x, 3, 2)),
    "split_columns": (PICTURE, lambda c: split(c, c.x, 2, 3)),
    "transpose": (PICTURE, lambda c: transpose(c, c.x, [0, 3, 1, 2])),
    "residual": ((1, 8, 8, 3), lambda c: residual(c, c.x)),
    "dense_without_bias": (FLAT, lambda c: dense(c, c.x, 5, has_bias=False)),
    "dense_by_channel": (FLAT, lambda c: dense(c, c.x, 5, by_channel=True)),
    "real_ends": (PICTURE, lambda c: real_ends(c, c.x, lambda x: conv(c, x, 3, (3, 3)))),
    "real_ends_softmax": (FLAT, lambda c: real_ends(c, c.x, lambda x: softmax(c, dense(c, x, 10)))),
}
# In floats, one of each operator.
FLOATS = ["conv_same", "conv_stride_relu6", "depthwise_multiplied", "transposed_same", "dense_relu", "max_pool",
          "average_pool_relu6", "add_by_channel", "sub", "mul_by_pixel", "concat_columns", "pad", "mean_dropped", "logistic", "tanh",
          "softmax_pixels", "relu6", "leaky_relu", "hard_swish", "resize_bilinear_half", "resize_nearest_odd", "split_columns",
          "slice_masked", "residual"]


def run(model, samples):
    runner = interpreter.Interpreter(
        model_content=model, experimental_op_resolver_type=interpreter.OpResolverType.BUILTIN_REF,
        experimental_preserve_all_tensors=True)
    runner.allocate_tensors()
    outputs = []
    for sample in samples:
        runner.set_tensor(runner.get_input_details()[0]["index"], sample[None])
        runner.invoke()
        outputs.append(runner.get_tensor(runner.get_output_details()[0]["index"])[0])
    return np.array(outputs)


def write(folder, name, model, samples):
    (folder / f"{name}.tflite").write_bytes(model)
    np.save(folder / f"{name}.x.npy", samples)
    np.save(folder / f"{name}.y.npy", run(model, samples))


def inputs(case, shape):
    if case.quantized:
        return case.random.integers(-128, 128, (SAMPLES, *shape[1:])).astype(np.int8)
    return case.random.normal(0, 2, (SAMPLES, *shape[1:])).astype(np.float32)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, (shape, build)) in enumerate(CASES.items()):
        for quantized in (True, False):
            if not quantized and name not in FLOATS:
                continue
            case = Case(seed, shape, quantized)
            build(case)
            model = case.net.bytes([case.x], [case.y])
            write(folder, name + ("" if quantized else "_float"), model, inputs(case, shape))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
