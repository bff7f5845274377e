""".env.example names what is read, and nothing else as if it were."""

import ast
import re
from pathlib import Path

import arraigo.settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"
NOT_READ = "# --- Not read yet"


def named(text: str) -> list[str]:
    return re.findall(r"^([A-Z0-9_]+)=", text, re.MULTILINE)


def read_by_the_program() -> set[str]:
    """Every text in settings.py that can only be a variable's name."""
    tree = ast.parse(Path(arraigo.settings.__file__).read_text(encoding="utf-8"))
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text for text in texts if re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)*", text) and len(text) > 3}


def test_it_has_every_variable_that_is_read_and_no_other() -> None:
    read, _, later = EXAMPLE.read_text(encoding="utf-8").partition(NOT_READ)
    assert set(named(read)) == read_by_the_program()
    assert not set(named(later)) & read_by_the_program()


def test_each_variable_stands_once() -> None:
    names = named(EXAMPLE.read_text(encoding="utf-8"))
    assert len(names) == len(set(names))


def test_every_paragraph_says_what_its_variables_are_for() -> None:
    for paragraph in EXAMPLE.read_text(encoding="utf-8").split("\n\n"):
        assert paragraph.startswith("# "), paragraph


def test_it_is_a_good_environment() -> None:
    text = EXAMPLE.read_text(encoding="utf-8").partition(NOT_READ)[0]
    environment = dict(line.split("=", 1) for line in text.splitlines() if re.match(r"[A-Z0-9_]+=", line))
    settings = arraigo.settings.load(environment)
    assert settings.database_url is not None
    assert settings.pool == arraigo.settings.Pool()
