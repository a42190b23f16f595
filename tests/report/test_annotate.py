"""`compile --annotate`: a copy of the ONNX file that computes the same, and says what the plan says."""
import sys

import numpy as np
import pytest

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from pages import ROOT, THIMBLE, json_of, run  # noqa: E402

pytestmark = pytest.mark.skipif(not THIMBLE, reason="THIMBLE does not name the program")
onnx = pytest.importorskip("onnx")
MODEL = ROOT / "models/mnist/lenet5_small.onnx"


def annotated(model, folder, *words):
    run("compile", model, "--annotate", "--name", "net", "-o", folder, *words)
    return onnx.load(folder / "net_annotated.onnx")


def properties(proto):
    return {entry.key: entry.value for entry in proto.metadata_props if entry.key.startswith("thimble.")}


def test_tensors_say_their_bytes_and_steps(tmp_path):
    model = annotated(MODEL, tmp_path)
    buffers = {buffer["tensor"]: buffer for buffer in json_of("analyze", MODEL)["buffers"]}
    seen = set()
    places = [(node, node.output[0]) for node in model.graph.node] + [
        (value, value.name) for value in (*model.graph.input, *model.graph.output, *model.graph.value_info)]
    for proto, name in places:
        if name not in buffers:
            continue
        said, buffer = properties(proto), buffers[name]
        assert {key: int(said["thimble." + key]) for key in ("offset", "bytes", "rows")} == {
            key: buffer[key] for key in ("offset", "bytes", "rows")}
        assert (int(said["thimble.first_step"]), int(said["thimble.last_step"])) == (buffer["first"], buffer["last"])
        assert f"{buffer['bytes']} B at {buffer['offset']}" in proto.doc_string
        seen.add(name)
    tensors = {name for name, buffer in buffers.items() if buffer["rows"] > 0}
    assert len(seen & tensors) >= len(tensors) * 3 // 4, tensors - seen


def without_words(model):
    for proto in (*model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info):
        proto.ClearField("doc_string")
        del proto.metadata_props[:]
    return model


def test_all_else_stays_as_it_is(tmp_path):
    assert without_words(annotated(MODEL, tmp_path)) == without_words(onnx.load(MODEL))


def test_weights_of_other_files_are_in_the_copy(tmp_path):
    apart = tmp_path / "apart"
    apart.mkdir()
    onnx.save(onnx.load(MODEL), apart / "net.onnx", save_as_external_data=True, size_threshold=0, location="net.data")
    copy = annotated(apart / "net.onnx", tmp_path / "out")
    (apart / "net.data").unlink()
    assert not any(tensor.HasField("data_location") and tensor.data_location for tensor in copy.graph.initializer)
    runtime = pytest.importorskip("onnxruntime")
    outputs = []
    for path in (MODEL, tmp_path / "out" / "net_annotated.onnx"):
        session = runtime.InferenceSession(str(path))
        given = session.get_inputs()[0]
        x = np.random.default_rng(1).random([size if isinstance(size, int) else 1 for size in given.shape], np.float32)
        outputs.append(session.run(None, {given.name: x})[0])
    assert np.array_equal(*outputs)


def test_words_of_the_file_stay(tmp_path):
    model = onnx.load(MODEL)
    for node in model.graph.node:
        node.doc_string = "from line 7"
    onnx.save(model, tmp_path / "net.onnx")
    copy = annotated(tmp_path / "net.onnx", tmp_path / "out")
    assert all(node.doc_string.startswith("from line 7") for node in copy.graph.node)
    assert any("Thimble" in node.doc_string for node in copy.graph.node)


def test_other_formats_are_an_error(tmp_path):
    error = run("compile", ROOT / "models/die/die_929.pt2", "--calib", "random:4", "--annotate", "-o", tmp_path / "out",
                code=1).stderr
    assert "--annotate is for .onnx files" in error and not (tmp_path / "out").exists()
