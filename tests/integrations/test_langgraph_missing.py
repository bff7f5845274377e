"""The integration without the package that it is for."""

import subprocess
import sys

WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name == "langgraph":
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Absent())
try:
    import arraigo.integrations.langgraph
except ModuleNotFoundError as error:
    print(error)
"""


def test_it_says_in_one_sentence_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (
        "langgraph is not installed; run: pip install 'arraigo[langgraph]'\n",
        "",
    )
