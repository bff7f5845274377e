"""Chainlit's and ADK's integrations without the packages that they are for."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(("name", "package"), [("adk", "google.adk"), ("chainlit", "chainlit")])
def test_it_says_in_one_sentence_what_to_install(name: str, package: str) -> None:
    code = f"""
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name == {package!r}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Absent())
try:
    import arraigo.integrations.{name}
except ModuleNotFoundError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    sentence = f"{package} is not installed; run: pip install 'arraigo[{name}]'\n"
    assert (done.stdout, done.stderr) == (sentence, "")
