"""Writes corpus/: small networks as PyTorch's exporters save them and as text, for the fuzzers to start from.

Run it by the Python of the virtual environment, THIMBLE naming the program, when a front end learns
something that no seed shows. The files are committed: fuzzing needs no Python.
"""

import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

import onnx
import torch

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "differential"))

import formats  # noqa: E402
import networks  # noqa: E402

LARGEST = 16000  # bytes; in a larger file a mutation mostly hits a weight
ONNX = ("dynamo", "torchscript11", "dynamo_dynamic", "torchscript_dynamic")  # networks take turns


def onnx_without_traces(path):
    """Exporters write where in whose Python each operator came from. Weights come back into the file."""
    model = onnx.load(path)
    for item in (*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output):
        item.doc_string = ""
        del item.metadata_props[:]
    return model.SerializeToString()


def pt2_without_traces(path):
    bare = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(bare, "w") as after:
        for name in before.namelist():
            contents = before.read(name)
            if name.endswith("models/model.json"):
                program = json.loads(contents)
                for node in program["graph_module"]["graph"]["nodes"]:
                    node["metadata"] = {}
                contents = json.dumps(program)
            if "sample_inputs" not in name:
                after.writestr(zipfile.ZipInfo(name), contents)
    return bare.getvalue()


WITHOUT_TRACES = {".onnx": onnx_without_traces, ".pt2": pt2_without_traces}


def save(export, made, path):
    """One network in one format, if the exporter can and the file is small."""
    module, shapes = made
    with tempfile.TemporaryDirectory() as directory:
        try:
            inputs = tuple(torch.randn(shape) for shape in shapes)
            file = pathlib.Path(formats.FORMATS[export](module, inputs, f"{directory}/{path.stem}"))
        except Exception as error:  # an exporter's own: another network will do
            return print(f"{path.name} as {export}: {str(error).splitlines()[0]}")
        data = WITHOUT_TRACES[path.suffix](file)
        if len(data) <= LARGEST:
            path.write_bytes(data)


def save_text(model, path):
    subprocess.run([os.environ["THIMBLE"], "opt", model, "-o", path], check=True)
    if path.stat().st_size > LARGEST:
        path.unlink()


def main():
    corpus = HERE / "corpus"
    for kind in ("onnx", "pt2", "thm"):
        shutil.rmtree(corpus / kind, ignore_errors=True)
        (corpus / kind).mkdir(parents=True)
    for turn, (name, make) in enumerate(networks.NETWORKS.items()):
        torch.manual_seed(1)
        save(ONNX[turn % len(ONNX)], make(), corpus / "onnx" / f"{name}.onnx")
        save("pt2_dynamic" if turn % 4 == 0 else "pt2", make(), corpus / "pt2" / f"{name}.pt2")
        if (corpus / "pt2" / f"{name}.pt2").exists():
            save_text(corpus / "pt2" / f"{name}.pt2", corpus / "thm" / f"{name}.thm")


if __name__ == "__main__":
    main()
