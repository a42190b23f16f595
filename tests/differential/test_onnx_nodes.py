"""Single ONNX nodes that PyTorch seldom writes, against onnxruntime."""

import os

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import reference

INTS = np.int64


def case(op, shape, *constants, opset=18, outputs=1, **attributes):
    """x of `shape` and constants (None: absent) into one node."""
    return op, shape, constants, opset, outputs, attributes


CASES = {
    "slice_backwards": case("Slice", (1, 3, 5, 4), [3, -1], [-100, -5], [2, 3], [-1, -2]),
    "split_equal": case("Split", (1, 6, 2, 2), opset=11, outputs=3, axis=1),
    "split_uneven": case("Split", (2, 7, 2), opset=18, outputs=3, axis=1, num_outputs=3),
    "split_sizes": case("Split", (2, 1, 3, 2, 4), [1, 3], outputs=2, axis=-1),
    "expand": case("Expand", (3, 1), [2, 1, 1, 4], opset=13),
    "tile": case("Tile", (1, 2, 3, 2), [1, 2, 2, 3], opset=13),
    "depth_to_space_dcr": case("DepthToSpace", (1, 8, 2, 3), opset=13, blocksize=2),
    "depth_to_space_crd": case("DepthToSpace", (2, 8, 2, 3), opset=13, blocksize=2, mode="CRD"),
    "space_to_depth": case("SpaceToDepth", (1, 2, 6, 4), opset=13, blocksize=2),
    "pad_edge": case("Pad", (2, 3, 4), [1, 0, 2, 0, 1, 1], opset=13, mode="edge"),
    "pad_axes": case("Pad", (1, 2, 3, 4), [2, 1, 0, 1], np.float32(3.5), [1, -1], opset=18),
    "pad_wrap": case("Pad", (1, 2, 3, 4), [0, 1, 1, 2, 0, 0, 1, 0], opset=19, mode="wrap"),
    "pad_batch": case("Pad", (1, 2, 3, 4), [1, 0, 1, 0, 0, 1, 0, 0], opset=13),
    "gather_rows": case("Gather", (1, 2, 4, 3), [[0, 3], [-1, 1]], axis=2),
    "gather_one": case("Gather", (2, 3, 4), np.array(1, INTS), axis=1),
    "transpose_reverse": case("Transpose", (2, 3, 2, 1, 4)),
    "squeeze_all": case("Squeeze", (1, 2, 1, 3), opset=13),
    "flatten": case("Flatten", (2, 3, 2, 2, 2), opset=13, axis=3),
    "unsqueeze": case("Unsqueeze", (2, 3), [0, 3], opset=13),
    "concat_constant": case("Concat", (2, 3, 2), np.arange(8, dtype=np.float32).reshape(2, 2, 2) / 4,
                            opset=13, axis=1)}


def as_tensor(name, constant):
    array = constant if isinstance(constant, (np.ndarray, np.float32)) else np.array(constant, INTS)
    return numpy_helper.from_array(np.asarray(array), name)


def build(path, op, shape, constants, opset, outputs, attributes):
    names = ["" if constant is None else f"c{i}" for i, constant in enumerate(constants)]
    made = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(op, ["x", *names], made, name="node", **attributes)
    graph = helper.make_graph(
        [node], "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in made],
        [as_tensor(name, constant) for name, constant in zip(names, constants) if name])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    onnx.save(onnx.shape_inference.infer_shapes(model), path)


@pytest.mark.parametrize("name", CASES)
def test_node_is_what_onnxruntime_computes(name, tmp_path):
    path = os.path.join(tmp_path, f"{name}.onnx")
    build(path, *CASES[name])
    inputs = reference.samples([CASES[name][1]])
    expected = reference.by_onnxruntime(path, inputs)
    reference.assert_close(reference.by_thimble(path, inputs, tmp_path, "--on", "float"), expected, 1e-6)
    evaluated = reference.by_thimble(path, inputs, tmp_path, "--on", "int", "--raw")
    compiled = reference.by_thimble(path, inputs, tmp_path, "--on", "host", "--raw")
    for ours, theirs in zip(evaluated, compiled, strict=True):
        assert ours.min() < ours.max(), "constant output"
        np.testing.assert_array_equal(ours, theirs)
