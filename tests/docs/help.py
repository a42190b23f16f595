"""What --help teaches holds: every example runs, in the order in which a reader meets them; and what is printed for shells and
for man is taken by those.

    help.py [Help.test_...]
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
THIMBLE = os.environ["THIMBLE"]
LONG = {"train", "shrink", "sweep"}  # of which one cannot run an example in passing


def output(*words, **options):
    done = subprocess.run(list(map(str, words)), text=True, capture_output=True, timeout=600, env=dict(os.environ, COLUMNS="100"), **options)
    assert done.returncode == 0, f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    assert not done.stderr or words[0] == "bash", done.stderr
    return done.stdout


def commands():
    listed = output(THIMBLE, "--help").split("Subcommands:\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", listed, re.M)


def examples(command):
    text = output(THIMBLE, command, "--help")
    block = text.partition("Examples:\n")[2]
    return re.findall(r"^  (thimble .*)$", block, re.M)


class Help(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_every_example_runs(self):
        os.symlink(ROOT / "models", self.folder / "models")
        (self.folder / "thimble").symlink_to(THIMBLE)
        path = f"{self.folder}:{os.environ['PATH']}"
        for command in sorted(set(commands()) - LONG, key=lambda name: name != "dice"):  # it draws what others read
            lines = examples(command)
            self.assertTrue(lines, f"{command} has no example")
            for line in lines:
                with self.subTest(line=line):
                    done = subprocess.run(line, shell=True, cwd=self.folder, text=True, capture_output=True, timeout=600,
                                          env=dict(os.environ, PATH=path))
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_pages_that_it_names_are_there(self):
        for command in set(commands()) - {"train", "shrink"}:
            for page in re.findall(r"docs/[a-z_]+\.md", output(THIMBLE, command, "--help")):
                self.assertTrue((ROOT / page).exists(), page)

    def completed(self, shell, words):
        script = self.folder / f"thimble.{shell}"
        script.write_text(output(THIMBLE, "completion", shell))
        if shell == "fish":
            lines = output("fish", "--no-config", "-c", f"source {script}; complete -C '{' '.join(words)}'").splitlines()
            return [line.split("\t")[0] for line in lines]
        quoted = " ".join(f"'{word}'" for word in words)
        return output("bash", "-c", f"source {script}; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _thimble; printf '%s\\n' "
                      "\"${COMPREPLY[@]}\"").split()

    def complete_in(self, shell):
        self.assertEqual(self.completed(shell, ["thimble", "comp"])[:1], ["compile"])
        self.assertIn("--export", self.completed(shell, ["thimble", "compile", "--ex"]))
        self.assertEqual(self.completed(shell, ["thimble", "compile", "--export", "ard"]), ["arduino"])
        self.assertIn("cortex-m4", self.completed(shell, ["thimble", "bench", "--target", "cortex"]))
        self.assertIn("die", self.completed(shell, ["thimble", "sweep", "d"]))

    def test_bash_completes(self):
        self.complete_in("bash")

    @unittest.skipUnless(shutil.which("fish"), "no fish")
    def test_fish_completes(self):
        self.complete_in("fish")

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_zsh_completes(self):
        """As compinit finds it: a file of $fpath that names its command."""
        (self.folder / "_thimble").write_text(output(THIMBLE, "completion", "zsh"))
        script = """fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; [[ $_comps[thimble] == _thimble ]] || exit 1
autoload -U +X _thimble
_arguments() { print -l -- "$@" }
_describe() { print -l -- $commands }
words=(thimble ''); CURRENT=2; _thimble
words=(thimble compile --export ''); CURRENT=4; _thimble"""
        text = output("zsh", "-f", "-c", script, cwd=self.folder)
        self.assertIn("compile:Turn a model into C", text)
        self.assertIn("(c arduino platformio cmake zephyr esp-idf tflite-plan)", text)

    @unittest.skipUnless(shutil.which("groff"), "no groff")
    def test_the_manual_is_a_man_page(self):
        page = self.folder / "thimble.1"
        page.write_text(output(THIMBLE, "manual"))
        text = re.sub(".\b", "", output("groff", "-man", "-ww", "-Tutf8", "-P-c", page))
        for command in commands():
            self.assertIn(f"thimble {command}", text)
        self.assertIn("EXIT STATUS", text)


if __name__ == "__main__":
    unittest.main()
