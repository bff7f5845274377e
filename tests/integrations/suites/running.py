"""Other projects' own tests, run unmodified by a pytest of their own with one of our plugins."""

import os
import re
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from suites import place
from support.commands import clean_environment

TESTS = Path(__file__).parents[2]


def run_suite(package: str, files: list[str], plugin: str, environment: dict[str, str]) -> Counter[str]:
    """How many passed, were skipped, and were deselected; a failure shows what pytest said.

    Args:
        package: Whose tests, as `tools/suites.py` names it.
        files: Which of its files.
        plugin: The module beside this one that puts our class in the place of theirs.
        environment: The variables that name the database.
    """
    folder = place(package)
    if not folder.exists():
        pytest.skip(f"the tests of {package} are not here (make integrations)")
    command = ["-m", "pytest", "-p", f"integrations.suites.{plugin}", "-p", "no:cacheprovider", "-q", "--tb=short"]
    path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, *command, *files],
        cwd=folder,
        env=clean_environment() | environment | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Counter({what: int(count) for count, what in re.findall(r"(\d+) (\w+)", done.stdout.splitlines()[-1])})


def needs(module: str, package: str) -> pytest.MarkDecorator:
    """Skip where the package of an integration is not installed."""
    return pytest.mark.skipif(find_spec(module) is None, reason=f"{package} is not installed (make integrations)")
