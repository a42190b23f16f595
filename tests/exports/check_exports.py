"""Every kind of package, taken in as its build system takes it, on this machine and on an emulated Arduino: built without
a warning, run, and its output compared with what `thimble run` gives for the same numbers.

    check_exports.py [Exports.test_...]
"""
import array
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CASES = ROOT / "tests/tflite/cases"
STUBS = HERE / "stubs"
STRICT = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
DIE = (ROOT / "models/die/die_929.pt2", "--calib", "random:16")

# `pio pkg pack`, but for the list of licences, which it would ask for over the network.
PACK = """
import sys
from platformio.package.manifest.parser import ManifestParserFactory
from platformio.package.manifest.schema import ManifestSchema
from platformio.package.pack import PackagePacker
ManifestSchema.load_spdx_licenses = staticmethod(lambda: {"licenses": [{"licenseId": "0BSD"}]})
ManifestSchema().load_manifest(ManifestParserFactory.new_from_dir(sys.argv[1]).as_dict())
PackagePacker(sys.argv[1]).pack(sys.argv[2])
"""


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], text=True, capture_output=True, timeout=300, **options)
    assert done.returncode == 0, f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def thimble(*words):
    return run(os.environ["THIMBLE"], *words)


def case(name):
    return (CASES / f"{name}.tflite", *(["--numbers", "f32"] if name.endswith("_float") else []))


def shape_of(model):
    """Of one sample, from the case's own input."""
    if model == DIE[0]:
        return [7]
    data = model.with_suffix(".x.npy").read_bytes()
    header = data[10:10 + int.from_bytes(data[8:10], "little")].decode()
    return [int(word) for word in re.search(r"'shape': \((.*?)\)", header)[1].split(",") if word.strip()][1:]


def count_of(shape):
    return shape[0] * count_of(shape[1:]) if shape else 1


def write_npy(path, shape, values, is_float):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % ("<f4" if is_float else "|i1", tuple(shape))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() +
                     array.array("f" if is_float else "b", values).tobytes())


def read_npy(path):
    data = path.read_bytes()
    begin = 10 + int.from_bytes(data[8:10], "little")
    return list(array.array("b" if b"|i1" in data[:begin] else "f", data[begin:]))


def printed(text):
    """The numbers that an example prints, of all rows."""
    assert "selftest: right" in text, text
    rows = re.findall(r"^output \d+, row \d+:(.*)$", text, re.M)
    return [float(word) for row in rows for word in row.split()]


class Exports(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = pathlib.Path(folder.name)

    def export(self, kind, model, *words, name="net"):
        folder = self.work / name
        thimble("compile", *model, "--export", kind, "--name", name, "-o", folder, *words)
        self.assertTrue((folder / "LICENSE").read_text().startswith("BSD Zero Clause License"))
        return folder

    def wanted(self, model, *words):
        shape, is_float = shape_of(model[0]), "f32" in model
        x, y = self.work / "x.npy", self.work / "y.npy"
        numbers = [i % 101 - 50 for i in range(count_of(shape))]
        write_npy(x, [1, *shape], [n / 50 for n in numbers] if is_float else numbers, is_float)
        thimble("run", *model, "--input", x, "-o", y, "--on", "float" if is_float else "int", *([] if is_float else ["--raw"]), *words)
        return read_npy(y)

    def same(self, text, wanted):
        got = printed(text)
        self.assertEqual(len(got), len(wanted))
        largest = max(map(abs, wanted)) if any(isinstance(w, float) for w in wanted) else 0
        for a, b in zip(got, wanted):
            self.assertAlmostEqual(a, b, delta=1e-4 * largest)

    def cmake(self, folder, *words, target="all"):
        build = folder / "build"
        run("cmake", "-S", folder, "-B", build, "-G", "Ninja", *words)
        run("ninja", "-C", build, target)
        return build

    def strict(self):
        return "-DCMAKE_C_FLAGS=" + " ".join(STRICT), "-DCMAKE_CXX_FLAGS=" + " ".join(STRICT)

    def test_a_cmake_package_builds_alone_installs_and_is_found(self):
        folder = self.export("cmake", case("residual"))
        build = self.cmake(folder, *self.strict(), f"-DCMAKE_INSTALL_PREFIX={self.work}/installed")
        self.same(run(build / "run_net"), self.wanted(case("residual")))
        run("ninja", "-C", build, "install")

        user = self.work / "user"
        user.mkdir()
        shutil.copy(folder / "examples/run/main.c", user)
        shutil.rmtree(folder)
        (user / "CMakeLists.txt").write_text("""cmake_minimum_required(VERSION 3.13)
project(user C)
find_package(net REQUIRED)
add_executable(user main.c)
target_link_libraries(user net::net)
""")
        build = self.cmake(user, f"-DCMAKE_PREFIX_PATH={self.work}/installed")
        self.same(run(build / "user"), self.wanted(case("residual")))

    def test_two_networks_link_into_one_program(self):
        """One int8, one of floats, with the names that CMake itself would take; headers in C and in C++."""
        self.export("cmake", case("residual"), name="test")
        self.export("cmake", case("conv_same_float"), name="all")
        (self.work / "CMakeLists.txt").write_text("""cmake_minimum_required(VERSION 3.13)
project(two C CXX)
add_subdirectory(test)
add_subdirectory(all)
set_source_files_properties(test/examples/run/main.c PROPERTIES COMPILE_DEFINITIONS main=first)
set_source_files_properties(all/examples/run/main.c PROPERTIES COMPILE_DEFINITIONS main=second)
add_executable(two main.cpp test/examples/run/main.c all/examples/run/main.c)
set_target_properties(two PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
target_link_libraries(two test::test all::all)
""")
        (self.work / "main.cpp").write_text("""#include "all.h"
#include "test.h"
extern "C" int first(void);
extern "C" int second(void);
int main() { return first() + second() + test_selftest() + all_selftest(); }
""")
        text = run(self.cmake(self.work, *self.strict()) / "two")
        first, second = re.split(r"(?<=\n)(?=selftest: right\n)", text.strip("\n"))
        self.same(first, self.wanted(case("residual")))
        self.same(second, self.wanted(case("conv_same_float")))

    def test_examples_run_however_inputs_and_outputs_are_handed_over(self):
        for words in ([], ["--stream-in"], ["--stream-out"], ["--stream-in", "--stream-out"], ["--borrow-input"],
                      ["--borrow-input", "--stream-out"], ["--keep-input"]):
            with self.subTest(words=words):
                folder = self.export("cmake", case("residual"), *words)
                program = self.work / "program"
                run("cc", "-std=c99", *STRICT, "-I", folder / "src", folder / "src/net.c", folder / "examples/run/main.c", "-o", program)
                self.same(run(program), self.wanted(case("residual")))

    def sketch(self, folder, c, cxx, program):
        """As Arduino's builder does it: src/ of the library is compiled whole and is on the path."""
        properties = dict(line.split("=", 1) for line in (folder / "library.properties").read_text().splitlines())
        self.assertEqual((properties["name"], properties["includes"], properties["license"]), ("net", "net.h", "0BSD"))
        objects = []
        for source in sorted(folder.glob("src/*.c")):
            objects.append(self.work / (source.name + ".o"))
            run(*c, "-c", source, "-o", objects[-1])
        run(*cxx, *STRICT, "-I", STUBS / "arduino", "-I", folder / "src", "-x", "c++", folder / "examples/run/run.ino",
            STUBS / "arduino/core.cpp", "-x", "none", *objects, "-o", program)
        return properties

    def test_an_arduino_library_runs_in_a_sketch_on_any_board(self):
        for words in ([], ["--stream-in", "--stream-out"]):
            folder = self.export("arduino", case("conv_same_float"), *words)
            properties = self.sketch(folder, ["cc", "-std=gnu11", *STRICT], ["c++", "-std=gnu++11"], self.work / "program")
            self.assertEqual(properties["architectures"], "*")
            text = run(self.work / "program")
            self.assertEqual("microseconds:" in text, not words)
            self.same(text, self.wanted(case("conv_same_float")))

    def test_an_arduino_library_runs_in_a_sketch_on_an_uno(self):
        folder = self.export("arduino", DIE, "--target", "atmega328p")
        chip = ["-mmcu=atmega328p", "-Os", "-ffunction-sections", "-Wl,--gc-sections"]
        properties = self.sketch(folder, ["avr-gcc", "-std=gnu11", *chip, *STRICT], ["avr-g++", "-std=gnu++11", *chip], self.work / "program")
        self.assertEqual(properties["architectures"], "avr")
        emulator = subprocess.Popen(["qemu-system-avr", "-machine", "uno", "-nographic", "-monitor", "none", "-serial", "stdio",
                                     "-bios", self.work / "program"], text=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        try:
            lines = []
            for line in emulator.stdout:
                lines.append(line)
                if line.startswith("end"):
                    break
        finally:
            emulator.kill()
            emulator.communicate()
        self.same("".join(lines), self.wanted(DIE, "--target", "atmega328p"))

    def test_a_platformio_library_is_one_that_pio_packs(self):
        folder = self.export("platformio", case("residual"))
        python = ROOT / ".venv/bin/python"
        if python.exists():
            environment = dict(os.environ, PLATFORMIO_CORE_DIR=str(self.work / "pio"))
            run(python, "-c", PACK, folder, self.work / "net.tar.gz", env=environment)
            run("tar", "-xzf", "net.tar.gz", "--one-top-level=packed", cwd=self.work)
            folder = self.work / "packed"
        manifest = json.loads((folder / "library.json").read_text())
        self.assertEqual((manifest["name"], manifest["headers"], manifest["license"]), ("net", "net.h", "0BSD"))
        example = manifest["examples"][0]
        files = [folder / example["base"] / name for name in example["files"]]
        self.assertIn("lib_deps = symlink://../..", files[0].read_text())
        run("cc", "-std=c99", *STRICT, "-I", folder / "src", folder / "src/net.c", files[1], "-o", self.work / "program")
        self.same(run(self.work / "program"), self.wanted(case("residual")))

    def test_a_platformio_project_names_the_board_of_the_target(self):
        folder = self.export("platformio", DIE, "--target", "atmega328p")
        self.assertIn("board = uno", (folder / "examples/run/platformio.ini").read_text())
        self.assertIn("void setup()", (folder / "examples/run/src/main.cpp").read_text())

    def test_a_zephyr_module_is_taken_in_by_its_sample(self):
        folder = self.export("zephyr", case("residual"))
        build = self.cmake(folder / "samples/run", *self.strict(), f"-DZephyr_DIR={STUBS}/zephyr")
        self.same(run(build / "app"), self.wanted(case("residual")))

    def test_a_zephyr_module_adds_nothing_unless_it_is_configured(self):
        folder = self.export("zephyr", case("residual"))
        (folder / "samples/run/prj.conf").write_text("CONFIG_CBPRINTF_FP_SUPPORT=y\n")
        with self.assertRaisesRegex(AssertionError, "net.h: No such file"):
            self.cmake(folder / "samples/run", f"-DZephyr_DIR={STUBS}/zephyr")

    def test_an_esp_idf_component_is_taken_in_by_its_project(self):
        folder = self.export("esp-idf", case("residual"))
        os.environ["IDF_PATH"] = str(STUBS / "esp-idf")
        build = self.cmake(folder / "examples/run", *self.strict())
        self.same(run(build / "app"), self.wanted(case("residual")))

    def test_exporting_again_gives_equal_bytes_and_leaves_other_files(self):
        folder = self.export("arduino", case("residual"))
        (folder / "examples/mine").mkdir()
        (folder / "examples/mine/mine.ino").write_text("// mine")
        first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        self.export("arduino", case("residual"))
        self.assertEqual(first, {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()})

    def test_names_in_a_package_are_plain_whatever_the_file_is_called(self):
        for hostile in ("$(reboot) \"x\"; \\.tflite", "@NAME@.tflite", "../..tflite", "Ünïcode\n#.tflite"):
            with self.subTest(hostile=hostile):
                model = self.work / "models" / hostile.replace("/", "_")
                model.parent.mkdir(exist_ok=True)
                shutil.copy(case("residual")[0], model)
                folder = self.work / "out"
                thimble("compile", model, "--export", "cmake", "-o", folder)
                names = [path.stem for path in folder.glob("src/*.c")]
                self.assertRegex(names[0], "^[A-Za-z0-9_]+$")
                self.cmake(folder)
                shutil.rmtree(folder)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
