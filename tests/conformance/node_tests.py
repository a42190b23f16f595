"""The ONNX backend node tests, and the forms in which a network is given one.

A test is a small model with the inputs and outputs that the standard's reference gave it. Every
float input is given at run time first. Where the compiler refuses that, the test is tried again with
its integer and boolean inputs (shapes, axes, indices, pads, conditions) as initializers, and then with those
float inputs too that are parameters of an operator rather than its data (PARAMETERS). At least one
float input always stays a run-time input: a network without one would be computed by the compiler.
"""

import dataclasses
import functools
import re
import warnings

import numpy as np
import onnx
import onnx.defs
import onnx.numpy_helper

# Float inputs that are trained, or that older opsets held in attributes, by the names that the
# standard gives them.
PARAMETERS = {
    "BatchNormalization": {"scale", "B", "input_mean", "input_var"},
    "CausalConvWithState": {"weight", "bias"},
    "Clip": {"min", "max"},
    "Conv": {"W", "B"},
    "ConvTranspose": {"W", "B"},
    "DeformConv": {"W", "B"},
    "Dropout": {"ratio"},
    "GRU": {"W", "R", "B"},
    "Gemm": {"B", "C"},
    "GroupNormalization": {"scale", "bias"},
    "InstanceNormalization": {"scale", "B"},
    "LSTM": {"W", "R", "B", "P"},
    "LayerNormalization": {"Scale", "B"},
    "NonMaxSuppression": {"iou_threshold", "score_threshold"},
    "Pad": {"constant_value"},
    "PRelu": {"slope"},
    "QuantizeLinear": {"y_scale"},
    "RMSNormalization": {"scale"},
    "RNN": {"W", "R", "B"},
    "Resize": {"roi", "scales"},
    "Upsample": {"scales"},
}

RUN_TIME, INTEGERS, WEIGHTS = FORMS = ("run time", "integers baked", "weights baked")


@dataclasses.dataclass
class Case:
    name: str
    operator: str  # what the standard tests here; for an expanded function, the function
    model: onnx.ModelProto
    inputs: dict  # by the name of the graph input: an array, or what a sequence or optional holds
    outputs: list
    rtol: float
    atol: float
    parameters: set  # names of the inputs that PARAMETERS lists

    @property
    def expanded(self):
        return is_expanded(self.name)


def is_expanded(name):
    return base_name(name) != name


def base_name(name):
    """The test whose function body `name` is made of; itself where it is none."""
    return re.sub(r"_expanded(_ver\d+)?$", "", name)


@functools.lru_cache(maxsize=None)
def _formal_inputs(operator, domain, version):
    try:
        return onnx.defs.get_schema(operator, version, domain).inputs
    except onnx.defs.SchemaError:
        return []


def _parameters(model):
    """Which graph inputs are parameters of a model of one operator."""
    versions = {opset.domain: opset.version for opset in model.opset_import}
    found = set()
    for node in model.graph.node:
        formal = _formal_inputs(node.op_type, node.domain, versions.get(node.domain, 1))
        for name, port in zip(node.input, formal):
            if port.name in PARAMETERS.get(node.op_type, ()):
                found.add(name)
    return found


def load_cases():
    """Every node test of the installed onnx; takes some seconds, the data are made here."""
    from onnx.backend.test.loader import load_model_tests

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tests = load_model_tests(kind="node")
    by_name = {test.name: test for test in tests}
    cases = []
    for test in tests:
        base = by_name.get(base_name(test.name), test)
        inputs, outputs = test.data_sets[0]
        names = [port.name for port in test.model.graph.input]
        cases.append(Case(test.name, base.model.graph.node[-1].op_type, test.model,
                          dict(zip(names, map(_as_array, inputs))), list(map(_as_array, outputs)),
                          test.rtol, test.atol,
                          _parameters(base.model)))
    return cases


def _as_array(value):
    return onnx.numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else value


def is_array(value):
    return isinstance(value, (np.ndarray, np.generic))


def _is_float(value):
    return is_array(value) and np.issubdtype(value.dtype, np.floating)


def _is_integer(value):
    return is_array(value) and value.dtype.kind in "iub"


def _bake(model, arrays):
    """The model with initializers in the place of some of its inputs."""
    baked = onnx.ModelProto()
    baked.CopyFrom(model)
    kept = [port for port in baked.graph.input if port.name not in arrays]
    del baked.graph.input[:]
    baked.graph.input.extend(kept)
    for name, array in arrays.items():
        baked.graph.initializer.append(onnx.numpy_helper.from_array(np.asarray(array), name))
    return baked


def forms(case):
    """Yields (form, model, run-time inputs) in the order in which they are to be tried."""
    integers = {name for name, value in case.inputs.items() if _is_integer(value)}
    weights = {name for name in case.parameters if _is_float(case.inputs.get(name))}
    before = None
    for form, baked in ((RUN_TIME, set()), (INTEGERS, integers), (WEIGHTS, integers | weights)):
        left = {name: value for name, value in case.inputs.items() if name not in baked}
        if baked == before or (baked and not any(map(_is_float, left.values()))):
            continue
        arrays = {name: value for name, value in case.inputs.items() if name in baked}
        yield form, _bake(case.model, arrays) if baked else case.model, list(left.values())
        before = baked
