"""`cmake --install`: the program runs from there, a project finds the library and embeds it, pip builds the Python package
over it; and the Debian package holds the same.

    check_install.py BUILD CMAKE PYTHON      PYTHON: of the virtual environment; without it pip is left out
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIE = ROOT / "models" / "die" / "die_929.pt2"
OPTIONS = ["--calib", "random:96", "--target", "attiny85", "--stream-out", "--name", "die"]
PYTHON_LINES = """
import sys, thimble
thimble.compile(sys.argv[1], calib="random:96", target="attiny85", stream_out=True, name="die").write(sys.argv[2])
print(thimble.__file__)
"""


def run(*words, **more):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout


def texts(folder):
    return {path.name: path.read_text() for path in pathlib.Path(folder).iterdir()}


def expect(holds, what):
    if not holds:
        sys.exit(f"not so: {what}")
    print(f"ok: {what}")


def compiled_by(program, folder):
    run(program, "compile", DIE, *OPTIONS, "-o", folder)
    return texts(folder)


def check_library(cmake, prefix, scratch, expected):
    run(cmake, "-S", ROOT / "tests/install/consumer", "-B", scratch / "consumer", f"-DCMAKE_PREFIX_PATH={prefix}",
        *(["-G", "Ninja"] if shutil.which("ninja") else []))
    run(cmake, "--build", scratch / "consumer")
    said = run(scratch / "consumer" / "consumer", DIE, scratch / "by_library")
    expect("bytes of arena" in said, "a project with find_package(thimble) compiles and runs a network")
    expect(texts(scratch / "by_library") == expected, "its C is that of the program")


def check_pip(python, prefix, scratch, expected):
    if not pathlib.Path(python).exists():
        print("left out: pip (make .venv with tests/requirements.txt)")
        return
    run(python, "-m", "pip", "install", ROOT, "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", scratch / "site",
        "-C", f"cmake.define.THIMBLE_INSTALLED={prefix}", "-C", f"build-dir={scratch / 'wheel'}")
    expect({path.name for path in (scratch / "site").glob("thimble*")} >= {"thimble"}, "pip install . makes a package")
    where = run(python, "-c", PYTHON_LINES, DIE, scratch / "by_python", env=dict(os.environ, PYTHONPATH=str(scratch / "site")), cwd=scratch)
    expect(str(scratch / "site") in where and texts(scratch / "by_python") == expected, "the C of the Python package is that of the program")


def check_debian_package(build, cmake, scratch, expected):
    if not shutil.which("dpkg-shlibdeps"):
        print("left out: the Debian package (no dpkg-shlibdeps)")
        return
    run(pathlib.Path(cmake).parent / "cpack", "-G", "DEB", "--config", build / "CPackConfig.cmake", "-B", scratch / "deb")
    package, = (scratch / "deb").glob("thimble_*.deb")
    about, names = run("dpkg-deb", "-I", package), run("dpkg-deb", "-c", package)
    expect(all(word in about for word in ("Package: thimble", "libfmt", "libzip", "libc6", "Suggests: gcc-avr")), "dpkg knows what it needs")
    for name in ("./usr/bin/thimble", "/thimble/thimble.h", "/libthimble.a", "/thimble-config.cmake", "/copyright", "/man1/thimble.1"):
        expect(name in names, f"the Debian package has {name}")
    expect(not any(word in names for word in ("_thimble.", "thimble-train", "gtest")), "and nothing of Python, training or tests")
    run("dpkg-deb", "-x", package, scratch / "root")
    expect(compiled_by(scratch / "root/usr/bin/thimble", scratch / "by_package") == expected, "its program does what the build's does")


def main():
    build, cmake, python = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder).resolve()
        prefix = scratch / "prefix"
        run(cmake, "--install", build, "--prefix", prefix)
        expect("thimble 0." in run(prefix / "bin/thimble", "--version"), "the installed program runs")
        expected = compiled_by(prefix / "bin/thimble", scratch / "by_program")
        expect(expected == compiled_by(build / "thimble", scratch / "by_build"), "it does what the build's does")
        check_library(cmake, prefix, scratch, expected)
        check_pip(python, prefix, scratch, expected)
        check_debian_package(build, cmake, scratch, expected)


if __name__ == "__main__":
    main()
