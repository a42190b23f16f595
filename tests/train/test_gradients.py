"""The gradients of sum(y * r), of all inputs and all constants, are PyTorch's.

A graph's constants are the parameters in another order, some of them twice or added up. Which element is
which is seen by reading the model again with one parameter's elements counted from 1 and all others zero."""

import functools
import os
import subprocess
import tempfile

import numpy as np
import pytest
import torch

from cases import CASES, Case, all_layers

TOLERANCE = 1e-4  # of the largest in the same tensor
SAMPLES = 3
DIRECTORY = tempfile.TemporaryDirectory()

pytestmark = pytest.mark.skipif(not os.environ.get("GRADIENTS"), reason="GRADIENTS does not name the program")


@functools.lru_cache(maxsize=None)
def served():
    return subprocess.Popen([os.environ["GRADIENTS"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def program(*words):
    """The words that the program prints for these."""
    process, printed = served(), []
    print(*words, file=process.stdin, flush=True)
    for line in process.stdout:
        if line == "ok\n":
            return printed
        assert not line.startswith("error: "), f"{' '.join(words)}\n{line}"
        printed += line.split()
    raise AssertionError(f"it ended with {process.wait()}: {' '.join(words)}")


def exported(case, example):
    """A function that writes the module with other parameters."""
    archive = torch.export.export(case.module, example)

    def write(path, values):
        own = {name: tensor.clone() for name, tensor in archive.state_dict.items()}
        with torch.no_grad():
            for name, value in values.items():
                archive.state_dict[name].copy_(torch.from_numpy(value))
            torch.export.save(archive, path)
            for name, tensor in own.items():
                archive.state_dict[name].copy_(tensor)
    return write


class Prepared:
    """A case with its samples, its files, and what PyTorch says."""

    def __init__(self, name, case):
        self.case = case
        generator = np.random.default_rng(0)
        self.inputs = [self.case.draw(generator, (SAMPLES, *shape)).astype(np.float32) for shape in self.case.shapes]
        self.weights, self.outputs, self.input_gradients = [], [], []
        self.differentiate(generator)
        self.parameters = {key: value.detach().numpy().copy() for key, value in self.case.module.named_parameters()}
        self.stem = os.path.join(DIRECTORY.name, name)
        write = self.case.write or exported(self.case, tuple(torch.from_numpy(x[0].copy()) for x in self.inputs))
        self.model = self.save(write, "model", self.parameters)
        zeros = {key: np.zeros_like(value) for key, value in self.parameters.items()}
        self.empty = self.save(write, "empty", zeros)
        self.counted = [self.save(write, f"counted{i}", {**zeros, key: counted(value)})
                        for i, (key, value) in enumerate(self.parameters.items())]

    def differentiate(self, generator):
        for i in range(SAMPLES):
            given = [torch.from_numpy(x[i].copy()).requires_grad_() for x in self.inputs]
            made = self.case.module(*given)
            made = made if isinstance(made, tuple) else (made,)
            weights = [generator.normal(size=y.shape).astype(np.float32) for y in made]
            sum((y * torch.from_numpy(r)).sum() for y, r in zip(made, weights)).backward()
            self.weights.append(weights)
            self.outputs.append([y.detach().numpy() for y in made])
            self.input_gradients.append([np.zeros(x.shape, np.float32) if x.grad is None else x.grad.numpy()
                                         for x in given])

    def save(self, write, suffix, values):
        path = f"{self.stem}_{suffix}{self.case.ending}"
        write(path, values)
        return path

    def operators(self):
        return set(program("operators", self.model))


def counted(array):
    return np.arange(1, array.size + 1, dtype=np.float32).reshape(array.shape)


@functools.lru_cache(maxsize=None)
def prepared(name):
    torch.manual_seed(1)
    return Prepared(name, CASES[name]())


def columns(rows):
    return [np.stack(column) for column in zip(*rows)]


def assert_close(got, expected, what):
    largest = np.abs(expected).max()
    error = np.abs(got.reshape(expected.shape).astype(np.float64) - expected).max()
    assert error <= TOLERANCE * largest, f"{what}: off by {error:.3g}, the largest is {largest:.3g}"


def gathered(ready, passes, results):
    """(name, parameter, the sums of `results` over the constants' elements that are made of its own)"""
    path = f"{ready.stem}_{passes}_constants.npz"
    program("constants", passes, path, ready.empty, *ready.counted)
    with np.load(path) as constants:
        for i, (name, parameter) in enumerate(ready.case.module.named_parameters()):
            sums = np.zeros(parameter.numel() + 1)  # 0: of none
            for key, result in results.items():
                moved = constants[f"{i + 1}.{key}"] - constants[f"0.{key}"]
                np.add.at(sums, np.nan_to_num(moved).round().astype(int), result)
            yield name, parameter, sums[1:]


def assert_same_parameters(ready, passes, results):
    constants = {key[2:]: gradient for key, gradient in results.items() if key.startswith("gc")}
    for name, parameter, gradient in gathered(ready, passes, constants):
        if name not in ready.case.unseen:
            assert_close(gradient, parameter.grad.numpy(), name)


@pytest.mark.parametrize("passes", ["imported", "passed"])
@pytest.mark.parametrize("name", CASES)
def test_gradients_are_pytorchs(name, passes):
    ready = prepared(name)
    if passes not in ready.case.passes:
        pytest.skip("it cannot be trained so")
    arrays = {f"x{i}": x for i, x in enumerate(ready.inputs)}
    arrays |= {f"r{i}": r for i, r in enumerate(columns(ready.weights))}
    given, got = f"{ready.stem}_in.npz", f"{ready.stem}_{passes}_out.npz"
    np.savez(given, **arrays)
    program("run", passes, ready.model, given, got)
    with np.load(got) as results:
        results = dict(results)
    for i, expected in enumerate(columns(ready.outputs)):
        assert np.ptp(expected) > 0.01, "constant output"
        assert_close(results[f"y{i}"], expected, f"output {i}")
    for i, expected in enumerate(columns(ready.input_gradients)):
        assert np.abs(expected).max() > 0.01, "no gradient to compare"
        assert_close(results[f"gx{i}"], expected, f"input {i}")
    if set(ready.parameters) - set(ready.case.unseen) and passes not in ready.case.folded:
        assert_same_parameters(ready, passes, results)


def test_every_operator_has_a_case():
    seen = set().union(*(prepared(name).operators() for name in CASES))
    assert set(program("list")) - seen == set()


def test_one_seed_starts_one_network():
    torch.manual_seed(7)
    ready = Prepared("all_layers", Case(all_layers(), [(1, 1, 6, 6)]))
    path = f"{ready.stem}_initialised.npz"
    program("initialised", "7", ready.model, path)
    with np.load(path) as constants:
        for name, parameter, drawn in gathered(ready, "imported", dict(constants)):
            np.testing.assert_allclose(drawn, ready.parameters[name].ravel(), rtol=1e-6, err_msg=name)
