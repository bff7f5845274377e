"""An integration without the package that it is for."""

import subprocess
import sys

import pytest

MODULES = {
    "openai_agents": ("agents", "openai-agents"),
    "langchain": ("langchain_core", "langchain"),
    "pydantic_ai": ("pydantic_ai", "pydantic-ai"),
}


@pytest.mark.parametrize("name", MODULES)
def test_it_says_in_one_sentence_what_to_install(name: str) -> None:
    package, extra = MODULES[name]
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
    assert (done.stdout.rstrip(), done.stderr) == (
        f"{package} is not installed; run: pip install 'arraigo[{extra}]'",
        "",
    )
