"""Finds commands in README and docs that no test runs.

A command is a line of a code block, or words between backquotes, that begin with one of STARTS. It counts as
run where the same page runs it (`<!-- run: ... -->`, `<!-- run-only: ... -->`, see commands.py), where tables.py
runs it (a cell below `obtained by`), or where `<!-- run-by: PATH -->` stands above it in the same section: PATH is then a
test (a file or folder below tests/) that does. Above the first section it speaks for the whole page. What only names a command
(`thimble analyze`, `bench/compare`) must be there: a command of the program, or a script that tests/bench runs. `./thimble test` is what
runs this.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
STARTS = ("./thimble ", "thimble ", "bench/", "tests/", "python3 ", "pip ", "cmake ", "pio ", "avrdude ", "dpkg ", "apt ")
STEP = re.compile(r"<!-- run(?:-only)?: ([^\n]+?) -->")
RUN_BY = re.compile(r"<!-- run-by: ([^\n]+?) -->")


def pages():
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def sections(text):
    """Runs of lines from one heading to the next; headings within fences are not any."""
    parts, fenced = [[]], False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if line.startswith("#") and not fenced:
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(part) for part in parts if part]


def without_printed(text):
    """The text without the blocks that commands.py writes."""
    return re.sub(r"<!-- run: [^\n]+ -->\n+```.*?```\n", "", text, flags=re.S)


def blocks(text):
    for match in re.finditer(r"```[a-z]*\n(.*?)```", text, re.S):
        yield from match[1].splitlines()
    for line in re.sub(r"```[a-z]*\n.*?```", "", text, flags=re.S).splitlines():
        if line.startswith("    "):
            yield line


def spans(text):
    """Words between backquotes, but not those in tables: their commands are tables.py's."""
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    return re.findall(r"`([^`\n]+)`", re.sub(r"```[a-z]*\n.*?```", "", kept, flags=re.S))


def command_of(line):
    """The line's command without prompt and remark, or nothing."""
    line = re.split(r"\s{2,}#|\s#\s", line.strip().removeprefix("$ "))[0].strip()
    return line if line.startswith(STARTS) else None


def words_of(command):
    return command.removeprefix("./").split()


def exists(command):
    """Whether what a command names is there: for names alone, without arguments."""
    words = words_of(command)
    if "*" in command:
        return any(ROOT.glob(command))
    if words[0] == "thimble":
        return len(words) == 1 or words[1] in program_commands() or words[1] == "test"
    return (ROOT / words[0]).exists()


def program_commands():
    sources = [*(ROOT / "src" / "cli").glob("*.cpp"), *(ROOT / "src" / "recipes").glob("*.cpp")]
    return set(re.findall(r'add_subcommand\(\s*"([a-z]+)"', "".join(p.read_text() for p in sources))) | {"help"}


def is_name(command):
    words = words_of(command)
    return len(words) == 1 or "*" in command or (words[0] == "thimble" and len(words) == 2)


def check(page):
    text = page.read_text()
    run = [command_of(step) or step for step in STEP.findall(text)]
    run = {" ".join(words_of(part.strip())) for step in run for part in re.split(r"&&|\||;|2>&1", step)}
    whole_page, problems = None, []
    for index, section in enumerate(sections(text)):
        by = RUN_BY.findall(section)
        for path in by:
            if not path.startswith("tests/") or not (ROOT / path).exists():
                problems.append(f"run-by: {path}: is not there")
        if index == 0 and by:
            whole_page = by
        section = without_printed(section)
        for line in [*blocks(section), *spans(section)]:
            command = command_of(line)
            if command is None:
                continue
            if is_name(command) and line not in blocks(section):
                if not exists(command):
                    problems.append(f"'{command}': there is no such command")
            elif not (words_of(command)[:2] == ["thimble", "test"] or by or whole_page or any(" ".join(words_of(command)) == done or done.startswith(
                    " ".join(words_of(command)) + " ") for done in run)):
                problems.append(f"'{command}': nothing runs it")
    return problems


def main():
    problems = [f"{page.relative_to(ROOT)}: {problem}" for page in pages() for problem in check(page)]
    print("\n".join(problems) or f"every command of {len(pages())} documents is run")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
