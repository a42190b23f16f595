"""Every way PyTorch writes a model that Thimble reads. FORMATS maps a name to export(module, inputs,
path stem) -> path of the file."""

import logging
import warnings

import torch

warnings.filterwarnings("ignore")
logging.getLogger("torch.onnx").setLevel(logging.ERROR)


def _batch(inputs):
    """The first axis of every input by one name."""
    batch = torch.export.Dim("batch", min=1, max=64)
    return tuple({0: batch} for _ in inputs)


def _twice(inputs):
    """A batch of two: an export traced with one would fix it."""
    return tuple(torch.cat([x, x]) for x in inputs)


def pt2(module, inputs, stem):
    path = f"{stem}.pt2"
    torch.export.save(torch.export.export(module, inputs), path)
    return path


def pt2_dynamic(module, inputs, stem):
    path = f"{stem}_dynamic.pt2"
    program = torch.export.export(module, _twice(inputs), dynamic_shapes=_shapes(module, inputs))
    torch.export.save(program, path)
    return path


def _shapes(module, inputs):
    """Modules that take *inputs want their shapes as one tuple more."""
    shapes = _batch(inputs)
    return (shapes,) if type(module).__name__ == "Calls" else shapes


def dynamo(module, inputs, stem, opset=20):
    path = f"{stem}_dynamo{opset}.onnx"
    torch.onnx.export(module, inputs, path, dynamo=True, opset_version=opset, verbose=False)
    return path


def dynamo_dynamic(module, inputs, stem):
    path = f"{stem}_dynamo_dynamic.onnx"
    torch.onnx.export(module, _twice(inputs), path, dynamo=True, verbose=False,
                      dynamic_shapes=_shapes(module, inputs))
    return path


def torchscript(module, inputs, stem, opset):
    path = f"{stem}_ts{opset}.onnx"
    torch.onnx.export(module, inputs, path, dynamo=False, opset_version=opset)
    return path


def torchscript_dynamic(module, inputs, stem):
    path = f"{stem}_ts_dynamic.onnx"
    names = [f"x{i}" for i in range(len(inputs))]
    torch.onnx.export(module, inputs, path, dynamo=False, opset_version=17, input_names=names,
                      dynamic_axes={name: {0: "batch"} for name in names})
    return path


FORMATS = {
    "pt2": pt2,
    "pt2_dynamic": pt2_dynamic,
    "dynamo": dynamo,
    "dynamo_dynamic": dynamo_dynamic,
    **{f"torchscript{opset}": lambda *a, opset=opset: torchscript(*a, opset)
       for opset in (11, 13, 17, 20)},
    "torchscript_dynamic": torchscript_dynamic,
}
