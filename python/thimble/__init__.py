"""Thimble: trained networks become C that runs in a thimbleful of memory.

    network = thimble.compile(module, example_inputs, target="atmega328p", calib=samples)
    network.write("out")            # NAME.h, NAME.c and a report
    network.analyze()               # figures, and the memory map; rich in a notebook
    network.run(x)                  # the same C on this machine; on="float", "int", "target" otherwise

A model is a `torch.nn.Module` (with the inputs that `torch.export` shall trace it with), an
`ExportedProgram`, or the path of a `.pt2`, `.onnx`, `.tflite` or `.thm` file. Arrays are NumPy's or
PyTorch's; samples lie along the first axis. What is off raises `thimble.Error`: .what, .why, .fix.
"""
import os
import pathlib
import tempfile
import warnings as _warnings

import numpy as _numpy

from . import _thimble
from ._thimble import Analysis, Bench, Diagnostic

__all__ = ["Analysis", "Bench", "Compiled", "Diagnostic", "Error", "ThimbleWarning", "analyze",
           "compile", "targets"]
__version__ = _thimble.version()


class Error(Exception):
    """What a model or a call has wrong: the words that the command line prints.

    .what, .why and .fix (and .node, .op, .file) are those of the first error, .diagnostics has all
    of them, .code is the exit code of the command line: 1 usage, 2 model, 3 budget, 5 missing tool.
    """

    def __init__(self, diagnostics):
        super().__init__("".join(map(str, diagnostics)).rstrip("\n"))
        self.diagnostics = list(diagnostics)
        errors = [d for d in self.diagnostics if d.severity == "error"]
        first = (errors or self.diagnostics)[0]
        self.what, self.why, self.fix = first.what, first.why, first.fix
        self.file, self.node, self.op = first.file, first.node, first.op
        self.code = max(d.code for d in errors or self.diagnostics)


class ThimbleWarning(UserWarning):
    """What may surprise, but stands in nobody's way."""


_thimble.error_class = Error


class Compiled:
    """A network in its numbers, planned and written down as C."""

    def __init__(self, inside):
        self._inside = inside

    @property
    def files(self):
        """{"NAME.h": text, "NAME.c": text}"""
        return self._inside.files

    @property
    def warnings(self):
        return self._inside.warnings

    def write(self, folder):
        """Writes the files, NAME_report.txt and NAME_report.json; makes the folder."""
        self._inside.write(os.fspath(folder))

    def analyze(self):
        """Figures, layers and memory map, as `thimble analyze` says them."""
        return self._inside.analysis

    def bench(self):
        """Flash, RAM with the stack, and the time of one inference, from the target's emulator."""
        return self._inside.bench()

    def run(self, *inputs, on="host", raw=False):
        """Its outputs on samples along the first axis of each input: an array, or a tuple of them.

        on: "float" (the model before quantization), "int" (what the C must give, bit for bit),
        "host" (the C, by this machine's compiler) or "target" (the C in the target's emulator).
        int8 arrays are the network's quantized inputs; raw=True gives quantized outputs.
        """
        outputs = tuple(self._inside.run(_arrays(inputs), on, raw))
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self):
        a = self._inside.analysis
        return (f"<thimble.Compiled {a.model} for {a.target}, {a.numbers}: "
                f"flash {a.flash_weights + a.flash_constants:,} B and code, "
                f"RAM {a.arena_bytes:,} B and stack>")

    def _repr_html_(self):
        return self._inside.analysis._repr_html_()


def compile(model, example_inputs=None, *, target="host", calib=None, dims=None, **options):
    """A `Compiled` network for a chip of `targets()`.

    example_inputs: a tensor, or a tuple of them, of batch 1; for a live module.
    calib: samples to quantize with: an array, a tuple of them (one an input), a path of a `.npy` or
        `.npz`, or "random:N" for decoders. Not needed for numbers="f32" and quantized files.
    dims: {name: size} of symbolic dimensions of a file.
    options: those of `thimble compile --help`: numbers, optimize, ram, flash, name, requant, weights,
        residency, stream_in, stream_out, keep_input, borrow_input, strips, keep_columns.
    """
    loaded = _load(model, example_inputs, dims)
    samples, random_count = _samples(calib)
    compiled = Compiled(_thimble.compile(loaded, samples, random_count, _options(target, options)))
    _warn(loaded.warnings + compiled.warnings)
    return compiled


def analyze(model, example_inputs=None, *, target="host", dims=None, explain=False, **options):
    """What `compile` would need: an `Analysis`. Needs no samples; what does not fit is no error.

    explain: plans it in other ways, too, to say what would need less.
    """
    loaded = _load(model, example_inputs, dims)
    _warn(loaded.warnings)
    return _thimble.analyze(loaded, _options(target, options), explain)


def targets():
    """{name: {"description", "flash_bytes", "ram_bytes"}} of every chip."""
    return _thimble.targets()


def _options(target, options):
    result = _thimble.Options()
    for name, value in {"target": target, **options}.items():
        if not hasattr(result, name) or name.startswith("_"):
            raise TypeError(f"thimble has no option {name!r}")
        if value is not None:
            setattr(result, name, value)
    return result


def _warn(diagnostics):
    for diagnostic in diagnostics:
        _warnings.warn(str(diagnostic).rstrip("\n"), ThimbleWarning, stacklevel=3)


def _load(model, example_inputs, dims):
    words = [f"{name}={size}" for name, size in (dims or {}).items()]
    if isinstance(model, (str, os.PathLike)):
        return _thimble.load(os.fspath(model), words, "")
    program, name = _exported(model, example_inputs)
    import torch
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name + ".pt2")
        torch.export.save(program, path)
        return _thimble.load(path, words, name)


def _exported(model, example_inputs):
    """An ExportedProgram of a module, and a name for it."""
    try:
        import torch
    except ImportError:
        torch = None
    if torch is not None and isinstance(model, torch.export.ExportedProgram):
        return model, "model"
    if torch is None or not isinstance(model, torch.nn.Module):
        raise TypeError(f"a model is a torch.nn.Module, an ExportedProgram or a path, not a {type(model).__name__}")
    name = type(model).__name__.lower()
    if example_inputs is None:
        raise Error([Diagnostic(name, "a live module needs example inputs",
                                "torch.export traces it with them",
                                "example_inputs=torch.zeros(1, ...): the shape of one sample")])
    if isinstance(example_inputs, (list, tuple)):
        inputs = tuple(map(torch.as_tensor, example_inputs))
    else:
        inputs = (torch.as_tensor(example_inputs),)
    was_training = model.training
    model.eval()
    try:
        return torch.export.export(model, inputs), name
    except Exception as error:  # of many kinds, as a module may do anything
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise Error([Diagnostic(name, "torch.export cannot trace this module", lines[0],
                                "a forward() of tensor operations on inputs of these shapes")]) from error
    finally:
        model.train(was_training)


def _samples(calib):
    """(arrays, count of random samples)"""
    if calib is None:
        return [], 0
    if isinstance(calib, str) and calib.startswith("random:") and calib[7:].isdecimal():
        return [], int(calib[7:])
    if isinstance(calib, (str, pathlib.Path)):
        return _arrays(_stored(calib)), 0
    return _arrays(calib if isinstance(calib, (list, tuple)) else (calib,)), 0


def _stored(path):
    """The arrays of a file, x0, x1, ... in order, or x."""
    try:
        stored = _numpy.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise Error([Diagnostic(os.fspath(path), "is no NumPy array", str(error), "numpy.save(path, samples)")]) from error
    if isinstance(stored, _numpy.ndarray):
        return (stored,)
    names = [name for name in (f"x{i}" for i in range(len(stored.files))) if name in stored.files]
    return tuple(stored[name] for name in names or [n for n in stored.files if n == "x"] or stored.files[:1])


def _arrays(arrays):
    return [_array(array) for array in arrays]


def _array(array):
    """NumPy's or PyTorch's, as what the extension takes: float32, or int8 as it is; C order."""
    if hasattr(array, "detach"):
        array = array.detach().cpu().numpy()
    array = _numpy.asarray(array)
    dtype = _numpy.int8 if array.dtype == _numpy.int8 else _numpy.float32
    return _numpy.require(array, dtype, "C")
