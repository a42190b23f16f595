#!/usr/bin/env python3
"""Stands for `thimble train die`: makes a decoder of random weights at once and claims a loss that follows a power law.

Environment: FAKE_SECONDS (how long a run takes), FAKE_FAILS (part of a run's name: those fail), FAKE_STARTS (a
file that gets a line for each start). Like the trainer, it leaves run.json last, by rename.
"""
import argparse
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import time


def constant(name, dims, chance, bound):
    return f"const {name}: f32{list(dims)} = random({chance.randrange(1000)}, {bound:.4f})\n"


def layers(channels, hires):
    """(operator, inputs, outputs, stride) after the first Linear."""
    d1, d2, d3, d4 = channels
    last = [("ConvTranspose2d", d1, 1, 2)]
    if hires:
        last = [("ConvTranspose2d", d1, d1, 2)] + [("Conv2d", d1, d1, 1)] * (hires - 1) + [("Conv2d", d1, 1, 1)]
    return [("ConvTranspose2d", d4, d3, 2), ("ConvTranspose2d", d3, d2, 2), ("ConvTranspose2d", d2, d1, 1), *last]


def decoder(config, chance):
    """The text IR of the decoder in reference form, with its weights; and its parameters, CNN and FC."""
    d4 = config["channels"][3]
    nodes = ["graph decoder\n", "input z: f32[1x1x7] dims [1, 7]\n",
             f"node fc: Linear(z; fc_w, fc_b) {{out_shape = [1, 1, {16 * d4}]}}\n  -> fc: f32[1x1x{16 * d4}]",
             f"node fc_relu: Relu(fc)\n  -> fc_relu: f32[1x1x{16 * d4}]",
             f"node view: Reshape(fc_relu) {{out_shape = [4, 4, {d4}]}}\n  -> view: f32[4x4x{d4}]"]
    constants = [constant("fc_w", (16 * d4, 7), chance, 1), constant("fc_b", (16 * d4,), chance, 0.3)]
    value, side, cnn = "view", 4, 0
    stack = layers(config["channels"], config["hires"])
    for i, (op, before, after, stride) in enumerate(stack):
        side *= stride
        more = f", output_padding = [{stride - 1}, {stride - 1}]" if op == "ConvTranspose2d" else ""
        nodes.append(f"node c{i}: {op}({value}; w{i}, b{i}) "
                     f"{{pad = [1, 1, 1, 1], stride = [{stride}, {stride}]{more}}}\n  -> c{i}: f32[{side}x{side}x{after}]")
        constants += [constant(f"w{i}", (after, 3, 3, before), chance, 1.5 / math.sqrt(before)),
                      constant(f"b{i}", (after,), chance, 0.2)]
        cnn += 9 * before * after + after
        kind = "Relu" if i + 1 < len(stack) else "Sigmoid"
        nodes.append(f"node a{i}: {kind}(c{i})\n  -> a{i}: f32[{side}x{side}x{after}]")
        value = f"a{i}"
    text = "\n".join(nodes) + f"\n\noutput {value} dims [1, 1, 32, 32]\n\n" + "".join(constants)
    return text, cnn, 7 * 16 * d4


def write_decoder(text, directory):
    source = directory / "decoder.thm"
    source.write_text(text)
    subprocess.run([os.environ["THIMBLE"], "export", source, "--numbers", "f32", "-o", directory / "decoder.onnx"],
                   check=True, capture_output=True)
    source.unlink()


def result(config, seed, cnn, fc, chance):
    uneven = max(config["channels"]) / min(config["channels"])
    loss = 3 * (cnn + fc) ** (-2 / 3) * uneven ** 0.15 * 0.55 ** min(config["hires"], 2) * math.exp(chance.gauss(0, 0.1))
    return {"config": config, "seed": seed, "parameters": cnn + fc, "parameters_cnn": cnn, "parameters_fc": fc,
            "loss": loss, "variance": 0.0544, "recognised": 1 / (1 + (loss / 0.03) ** 3),
            "recognised_by_evaluator": 1 / (1 + (loss / 0.035) ** 3), "seconds": config["epochs"] * (cnn + fc) / 100}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=pathlib.Path)
    parser.add_argument("--seed", type=int)
    parser.add_argument("-o", type=pathlib.Path, dest="directory")
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    name = options.directory.name
    if "FAKE_STARTS" in os.environ:
        with open(os.environ["FAKE_STARTS"], "a") as file:
            file.write(f"{name} {'resumed' if options.resume else 'new'} {os.getpid()}\n")
    print(f"training {name}", flush=True)
    time.sleep(float(os.environ.get("FAKE_SECONDS", 0)))
    if os.environ.get("FAKE_FAILS") and os.environ["FAKE_FAILS"] in name:
        sys.exit("the loss is not a number")
    config = json.loads(options.config.read_text())
    chance = random.Random(f"{config['channels']} {config['hires']} {options.seed}")
    text, cnn, fc = decoder(config, chance)
    write_decoder(text, options.directory)
    temporary = options.directory / "run.json.tmp"
    temporary.write_text(json.dumps(result(config, options.seed, cnn, fc, chance)))
    temporary.rename(options.directory / "run.json")


if __name__ == "__main__":
    main()
