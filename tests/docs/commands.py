"""Keeps README and docs true: every block below a `<!-- run: COMMAND -->` line is what COMMAND prints.

    commands.py --check    runs each command and fails where the text differs (the test)
    commands.py --write    puts the new output into the files

    ... PAGE ...           only those pages ("README.md", "docs/tour.md")

`./thimble` stands for the built program (environment variable THIMBLE), `python3` for the Python that runs
this. The commands of a page run one after the other in a scratch folder that sees models/, tests/, docs/ and
bench/ of the repository, so a page may go on with what its earlier commands made and leaves nothing behind.
A `<!-- run-only: COMMAND -->` line is run, must succeed, and has no block (slow or machine-dependent
output).
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEP = re.compile(r"<!-- run-only: (?P<only>[^\n]+?) -->"
                  r"|(?P<head><!-- run: (?P<command>[^\n]+?) -->\n+```[a-z]*\n)(?P<text>.*?)(?P<tail>```\n)", re.S)


def documents():
    named = [ROOT / word for word in sys.argv[1:] if not word.startswith("--")]
    return named or [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def run(command, folder):
    program = os.environ["THIMBLE"]
    environment = dict(os.environ, NO_COLOR="1", COLUMNS="100")
    line = command.replace("./thimble", program).replace("python3 ", sys.executable + " ")
    done = subprocess.run(line, shell=True, cwd=folder, env=environment, text=True,
                          capture_output=True, timeout=900)
    if done.returncode != 0:
        sys.exit(f"'{command}' ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def rewritten(text, folder):
    def replace(step):
        if step["only"]:
            run(step["only"], folder)
            return step[0]
        return step["head"] + run(step["command"], folder) + step["tail"]
    return STEP.sub(replace, text)


def main():
    write = "--write" in sys.argv
    count = stale = 0
    for document in documents():
        with tempfile.TemporaryDirectory() as folder:
            for name in ("models", "tests", "docs", "bench"):
                os.symlink(ROOT / name, pathlib.Path(folder) / name)
            old = document.read_text()
            new = rewritten(old, folder)
        count += len(STEP.findall(old))
        if new == old:
            continue
        if write:
            document.write_text(new)
            continue
        stale += 1
        sys.stdout.writelines(difflib.unified_diff(
            old.splitlines(True), new.splitlines(True), str(document.relative_to(ROOT)), "as printed now"))
    print(f"{count} commands in {len(documents())} documents run")
    if stale:
        sys.exit("stale output in documents: tests/docs/commands.py --write mends it")


if __name__ == "__main__":
    main()
