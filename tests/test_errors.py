import inspect
import pickle
import re

import pytest

from arraigo import errors
from arraigo.errors import ArraigoError, NotFound

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


def test_every_error_has_the_one_root() -> None:
    assert all(issubclass(kind, ArraigoError) for kind in CLASSES)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"^ {4}([│├└─ ]*)(\w+)", errors.__doc__ or "", re.MULTILINE)
    assert {name for _, name in drawn} == {kind.__name__ for kind in CLASSES}
    above: list[str] = []
    for line, name in drawn:
        depth = len(line) // 4
        above = [*above[:depth], name]
        parent = getattr(errors, name).__base__.__name__
        assert parent == (above[-2] if depth else "Exception"), name


def test_an_error_is_one_sentence_of_what_happened_what_is_safe_and_what_to_do() -> None:
    assert str(ArraigoError("it broke")) == "it broke"
    assert str(ArraigoError("it broke", remedy="mend it")) == "it broke; mend it"
    assert str(ArraigoError("it broke", safe="nothing is lost", remedy="mend it")) == (
        "it broke; nothing is lost; mend it"
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_crosses_a_process_whole(kind: type[ArraigoError]) -> None:
    error = kind("what", safe="safe", remedy="remedy")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(again), str(again), again.remedy) == (kind, str(error), "remedy")


def test_not_found_is_no_python_lookup_error() -> None:
    assert not issubclass(NotFound, LookupError)
