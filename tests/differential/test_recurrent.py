"""LSTM, GRU and RNN as torch.export and both ONNX exporters write them: float is what PyTorch
computes, integers are the same by the evaluator and by compiled C, and near."""

import os

import numpy as np
import pytest
import torch
from torch import nn

import formats
import reference

FLOAT_TOLERANCE = 1e-4  # of the output's range
INT8_MEAN_TOLERANCE = 0.03  # of the output's range, on average
STEPS, FEATURES, HIDDEN = 12, 8, 16


class Rows(nn.Module):
    """All rows of the output."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0]


class Last(nn.Module):
    """A Linear of the last row, as classifiers and forecasts have it."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.head = nn.Linear(layer.hidden_size * (2 if layer.bidirectional else 1), 5)

    def forward(self, x):
        rows = self.layer(x)[0]
        return self.head(rows[:, -1] if self.layer.batch_first else rows[-1])


class States(nn.Module):
    """A Linear of the last states."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.head = nn.Linear(layer.hidden_size, 5)

    def forward(self, x):
        states = self.layer(x)[1]
        if isinstance(states, tuple):
            return self.head(states[0][0]), self.head(states[1][0])
        return self.head(states[0])


class Carried(nn.Module):
    """Initial states from the caller, last states back to it, as in streaming."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, *states):
        rows, last = self.layer(x, states if len(states) == 2 else states[0])
        return (rows, *last) if isinstance(last, tuple) else (rows, last)


def sequence(layer):
    return (1, STEPS, FEATURES) if layer.batch_first else (STEPS, 1, FEATURES)


def with_state(layer):
    state = (1, 1, HIDDEN)
    return [sequence(layer), *([state, state] if isinstance(layer, nn.LSTM) else [state])]


def recurrent(kind, **options):
    return kind(FEATURES, HIDDEN, **options)


CASES = {
    "lstm": lambda: Last(recurrent(nn.LSTM, batch_first=True)),
    "lstm_rows": lambda: Rows(recurrent(nn.LSTM)),
    "lstm_states": lambda: States(recurrent(nn.LSTM, batch_first=True)),
    "lstm_carried": lambda: Carried(recurrent(nn.LSTM)),
    "lstm_layers": lambda: Last(recurrent(nn.LSTM, num_layers=2, bias=False)),
    "lstm_bidirectional": lambda: Rows(recurrent(nn.LSTM, bidirectional=True, batch_first=True)),
    "gru": lambda: Last(recurrent(nn.GRU, batch_first=True)),
    "gru_states": lambda: States(recurrent(nn.GRU)),
    "gru_carried": lambda: Carried(recurrent(nn.GRU, batch_first=True)),
    "gru_bidirectional": lambda: Last(recurrent(nn.GRU, num_layers=2, bidirectional=True)),
    "rnn": lambda: Last(recurrent(nn.RNN, batch_first=True)),
    "rnn_relu": lambda: Rows(recurrent(nn.RNN, nonlinearity="relu")),
    "rnn_carried": lambda: Carried(recurrent(nn.RNN)),
    "rnn_bidirectional": lambda: Last(recurrent(nn.RNN, bidirectional=True, batch_first=True)),
}
FORMATS = ("pt2", "dynamo", "torchscript13", "torchscript17")


@pytest.fixture(scope="module", params=CASES)
def network(request):
    """(name, module, inputs, PyTorch's outputs)"""
    torch.manual_seed(1)
    module = CASES[request.param]().eval()
    shapes = with_state(module.layer) if isinstance(module, Carried) else [sequence(module.layer)]
    inputs = reference.samples(shapes)
    return request.param, module, inputs, reference.by_torch(module, inputs)


def export(network, name, directory):
    title, module, inputs, _ = network
    example = tuple(torch.from_numpy(x[0].copy()) for x in inputs)
    return formats.FORMATS[name](module, example, os.path.join(directory, title))


@pytest.mark.parametrize("name", FORMATS)
def test_float_is_what_pytorch_computes(network, name, tmp_path):
    title, _, inputs, expected = network
    if name == "dynamo" and title.startswith("rnn"):
        pytest.xfail("the exporter takes an RNN apart, step by step")
    path = export(network, name, tmp_path)
    reference.assert_close(reference.by_thimble(path, inputs, tmp_path, "--on", "float"), expected,
                           FLOAT_TOLERANCE)


def test_integers_are_the_same_in_c_and_near(network, tmp_path):
    _, _, inputs, expected = network
    path = export(network, "pt2", tmp_path)
    evaluated = reference.by_thimble(path, inputs, tmp_path, "--on", "int", "--raw")
    compiled = reference.by_thimble(path, inputs, tmp_path, "--on", "host", "--raw")
    for ours, theirs in zip(evaluated, compiled, strict=True):
        assert ours.min() < ours.max(), "constant output"
        np.testing.assert_array_equal(ours, theirs)
    for real, wanted in zip(reference.by_thimble(path, inputs, tmp_path, "--on", "int"), expected):
        error = np.abs(real.reshape(wanted.shape) - wanted).mean()
        assert error <= INT8_MEAN_TOLERANCE * np.ptp(wanted)
