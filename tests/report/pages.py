"""What the tests here share: the program, its JSON, a page's figures, and a browser."""
import html.parser
import json
import os
import pathlib
import shutil
import subprocess

import pytest
from browser import chromium, show  # noqa: F401

THIMBLE = os.environ.get("THIMBLE")
ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "models"


def run(*words, code=0):
    done = subprocess.run([THIMBLE, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done


def json_of(*words, code=0):
    return json.loads(run(*words, "--json", code=code).stdout)


class Figures(html.parser.HTMLParser):
    """Every <data> of a page: its key, the key that it is a share of or None, its value, and what is read."""

    def __init__(self, page):
        super().__init__()
        self.found, self.open = [], None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == "data":
            given = dict(attributes)
            self.open = (given["data-key"], given.get("data-of"), json.loads(given["value"]), "")

    def handle_data(self, text):
        if self.open:
            self.open = (*self.open[:3], self.open[3] + text)

    def handle_endtag(self, tag):
        if tag == "data":
            self.found.append(self.open)
            self.open = None


def figures(page):
    return Figures(page).found


@pytest.fixture(scope="session")
def browser():
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        pytest.skip("no chromium")
    with chromium() as driver:
        yield driver
