"""The exact words of what users are told. Each case is a file cases/NAME.txt: a line `$ thimble ...`, then what
it prints on stderr, then `exit N`. Cases run in the folder that holds cases/: this one, or the one named.

    check.py [FOLDER]          fails where the words differ
    check.py [FOLDER] --write  puts the words of today into the files (read them as part of the change)
"""
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

FOLDERS = [word for word in sys.argv[1:] if word != "--write"] or [pathlib.Path(__file__).parent]
HERE = pathlib.Path(FOLDERS[0]).resolve()


def run(line):
    with tempfile.TemporaryDirectory() as out:
        arguments = [word.replace("OUT", out) for word in shlex.split(line)[1:]]
        done = subprocess.run([os.environ["THIMBLE"], *arguments], cwd=HERE, text=True, timeout=120,
                              capture_output=True, env=dict(os.environ, NO_COLOR="1", COLUMNS="100"))
        left = sorted(path.name for path in pathlib.Path(out).rglob("*"))
    words = done.stderr.replace(out, "OUT")
    if done.returncode not in (0, 4):
        assert not left, f"left half an output behind: {left}"
    return f"$ {line}\n{words}exit {done.returncode}\n"


def main():
    wrong = 0
    cases = sorted(HERE.glob("cases/*.txt"))
    for case in cases:
        text = case.read_text()
        now = run(text.splitlines()[0][2:])
        if "--write" in sys.argv:
            case.write_text(now)
        elif now != text:
            wrong += 1
            print(f"--- {case.name} expects\n{text}--- but it says\n{now}")
    print(f"{len(cases)} diagnostics")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
