"""Every example runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from arraigo.settings import Settings
from support.commands import clean_environment

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_example_runs(path: Path, settings: Settings) -> None:
    done = subprocess.run(
        [sys.executable, path],
        env=clean_environment() | {"ARRAIGO_HOME": str(settings.home), "DATABASE_URL": settings.database_url or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if absent := re.search(r"ModuleNotFoundError: No module named '(\w+)", done.stderr):
        pytest.skip(f"{absent[1]} is not installed (make integrations)")
    assert (done.returncode, done.stderr) == (0, "")
    assert "🥑" in done.stdout or "🙂" in done.stdout
