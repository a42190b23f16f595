"""Exports that cannot be right are refused, with the line that mends them."""

import os
import subprocess

import torch
from torch import nn

import formats


def refusal(path, *arguments):
    done = subprocess.run([os.environ["THIMBLE"], "analyze", path, *arguments],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stderr
    return done.stderr


def test_training_mode_is_refused(tmp_path):
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout()).train()
    path = formats.pt2(module, (torch.randn(1, 1, 6, 6),), str(tmp_path / "net"))
    assert "model.eval()" in refusal(path)


def test_a_batch_of_more_than_one_is_refused(tmp_path):
    path = formats.pt2(nn.Conv2d(3, 2, 1).eval(), (torch.randn(4, 3, 2, 2),), str(tmp_path / "net"))
    assert "batch" in refusal(path)


def test_symbolic_sizes_want_numbers(tmp_path):
    width = torch.export.Dim("width", min=4, max=64)
    program = torch.export.export(nn.Conv2d(1, 2, 3).eval(), (torch.randn(1, 1, 8, 8),),
                                  dynamic_shapes=({3: width},))
    path = str(tmp_path / "net.pt2")
    torch.export.save(program, path)
    assert "--dim" in refusal(path)


def test_all_unsupported_operators_are_told_at_once(tmp_path):
    class Odd(nn.Module):
        def forward(self, x):
            return torch.digamma(torch.lgamma(x))

    told = refusal(formats.pt2(Odd().eval(), (torch.rand(1, 4),), str(tmp_path / "net")))
    assert "digamma" in told and "lgamma" in told
