"""What a network computes, by PyTorch and by onnxruntime, and what `thimble run` says it does."""

import os
import subprocess

import numpy as np
import torch

SAMPLES = 3


def samples(shapes, seed=0):
    """SAMPLES samples of every input, float32, along a new first axis: [SAMPLES, *shape]."""
    generator = np.random.default_rng(seed)
    return [generator.normal(size=(SAMPLES, *shape)).astype(np.float32) for shape in shapes]


def by_torch(module, inputs):
    """A list of outputs, each [SAMPLES, *shape]."""
    rows = []
    with torch.no_grad():
        for i in range(SAMPLES):
            out = module(*(torch.from_numpy(x[i].copy()) for x in inputs))
            rows.append(out if isinstance(out, tuple) else (out,))
    return [np.stack([row[k].numpy() for row in rows]) for k in range(len(rows[0]))]


def by_onnxruntime(path, inputs):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_inputs()]
    rows = [session.run(None, {name: x[i] for name, x in zip(names, inputs)})
            for i in range(SAMPLES)]
    return [np.stack(column) for column in zip(*rows)]


def without_batch(x):
    """Thimble's samples leave a batch of one out."""
    return x[:, 0] if x.ndim > 2 and x.shape[1] == 1 else x


def write_inputs(inputs, directory):
    """The inputs as a file for `thimble run` and `--calib`."""
    path = os.path.join(directory, "in.npz")
    np.savez(path, **{f"x{i}": without_batch(x) for i, x in enumerate(inputs)})
    return path


def by_thimble(model, inputs, directory, *arguments):
    """Outputs of `thimble run`, each [SAMPLES, ...] (the batch axis may be gone)."""
    given, got = write_inputs(inputs, directory), os.path.join(directory, "out.npz")
    command = [os.environ["THIMBLE"], "run", model, "--input", given, "-o", got, *arguments]
    if "float" not in arguments:
        command += ["--calib", given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"
    with np.load(got) as arrays:
        return [arrays[name] for name in arrays.files]


def assert_close(got, expected, tolerance):
    """Every output within `tolerance` of its range; an output that hardly varies proves nothing."""
    assert len(got) == len(expected)
    for ours, theirs in zip(got, expected):
        span = float(theirs.max() - theirs.min())
        assert span > 0.01 and np.ptp(theirs, axis=0).max() > 0.01, "constant output"
        error = np.abs(ours.reshape(theirs.shape).astype(np.float64) - theirs).max()
        assert error <= tolerance * span, f"off by {error:.3g}, range {span:.3g}"
