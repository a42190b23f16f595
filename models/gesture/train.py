"""Teaches a small network to tell gestures from an accelerometer apart, and exports it.

    python3 models/gesture/train.py [-o FOLDER] [--epochs N]

The samples are simulated, so that nothing has to be recorded or downloaded: two thirds of a second of three axes in
units of g, 64 readings, of a hand that draws a circle, shakes, knocks, lifts or rests, held at any angle,
at any pace, with the noise of a cheap sensor. Writes what the tour in docs/tour.md begins with:

    gesture.pt2   the network, as torch.export writes it
    ranges.npy    64 samples, for the ranges of its activations
    test.npz      500 samples x with their labels y, none of which it was taught
"""
import argparse
import pathlib

import numpy
import torch

GESTURES = ["circle", "shake", "knock", "lift", "rest"]
READINGS = 64


def motion(gesture, time, random):
    """What the hand does, in g along two directions of its own, at `time` in [0, 1)."""
    pace, phase = random.uniform(1.2, 2.2), random.uniform(0, 2 * numpy.pi)
    strength = random.uniform(0.4, 0.9)
    if gesture == "circle":
        angle = 2 * numpy.pi * pace * time + phase
        return strength * numpy.cos(angle), strength * numpy.sin(angle)
    if gesture == "shake":
        return 1.3 * strength * numpy.sin(2 * numpy.pi * 2.5 * pace * time + phase), 0 * time
    if gesture == "knock":
        knocks = sum(numpy.exp(-((time - at) / 0.02) ** 2) for at in random.uniform(0.15, 0.85, 2))
        return 2.5 * strength * knocks, 0 * time
    if gesture == "lift":
        begin = random.uniform(0.1, 0.3)
        s = numpy.clip((time - begin) / 0.5, 0, 1)
        return 0.9 * strength * numpy.sin(2 * numpy.pi * s), 0 * time
    return 0 * time, 0 * time


def sample(label, random):
    """One gesture as the sensor sees it: [3, READINGS], float32."""
    time = numpy.arange(READINGS) / READINGS
    frame = numpy.linalg.qr(random.normal(size=(3, 3)))[0]
    first, second = motion(GESTURES[label], time, random)
    axes = numpy.outer(frame[0], first) + numpy.outer(frame[1], second) + frame[2][:, None]
    return (axes + random.normal(scale=0.05, size=axes.shape)).astype(numpy.float32)


def samples(count, seed):
    random = numpy.random.default_rng(seed)
    y = random.integers(0, len(GESTURES), count)
    return numpy.stack([sample(label, random) for label in y]), y


class Gesture(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(
            torch.nn.Conv1d(3, 16, 5, padding=2), torch.nn.ReLU(), torch.nn.MaxPool1d(2),
            torch.nn.Conv1d(16, 24, 5, padding=2), torch.nn.ReLU(), torch.nn.MaxPool1d(2),
            torch.nn.Conv1d(24, 24, 3, padding=1), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool1d(1))
        self.scores = torch.nn.Linear(24, len(GESTURES))

    def forward(self, x):
        return self.scores(self.features(x).flatten(1))


def learn(model, x, y, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(64):
            loss = torch.nn.functional.cross_entropy(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", type=pathlib.Path, default=pathlib.Path("."), help="folder to write into")
    parser.add_argument("--epochs", type=int, default=12)
    options = parser.parse_args()
    options.o.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(1)
    torch.set_num_threads(1)
    x, y = samples(4000, seed=1)
    model = Gesture()
    learn(model, torch.from_numpy(x), torch.from_numpy(y), options.epochs)

    test_x, test_y = samples(500, seed=2)
    with torch.no_grad():
        right = (model.eval()(torch.from_numpy(test_x)).argmax(1).numpy() == test_y).mean()
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {100 * right:.1f} % of 500 new gestures right")

    example = torch.from_numpy(x[:1])
    torch.export.save(torch.export.export(model, (example,)), options.o / "gesture.pt2")
    numpy.save(options.o / "ranges.npy", x[:64])
    numpy.savez_compressed(options.o / "test.npz", x=test_x, y=test_y)


if __name__ == "__main__":
    main()
