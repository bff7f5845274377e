"""Check docs/requirements.md: every line names a test that exists, or says in which way it is not there yet.

python tools/requirements.py
"""

import ast
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "requirements.md"
_ROW = re.compile(r"^\| (?P<id>[A-Z0-9]+-\d+) \| (?P<text>.+?) \| (?P<proof>.+?) \|$")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def tests_of(file: str) -> frozenset[str]:
    """The names of the test functions of a file; empty where there is no such file."""
    path = ROOT / file
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


def problems(lines: list[str]) -> list[str]:
    """What is wrong with the page, a sentence each."""
    found, seen = [], set()
    for number, line in enumerate(lines, start=1):
        if not line.startswith("| ") or line.startswith(("| id |", "| --- |")):
            continue
        row = _ROW.match(line)
        if row is None:
            found.append(f"line {number} is not: | ID | what | `tests/…::test_…` or not yet: … |")
            continue
        if row["id"] in seen:
            found.append(f"line {number}: {row['id']} stands there twice")
        seen.add(row["id"])
        tests = _TEST.findall(row["proof"])
        if not tests and not row["proof"].startswith("not yet: "):
            found.append(f"line {number}: {row['id']} names no test, and does not say 'not yet: …'")
        found += [
            f"line {number}: {row['id']} names {file}::{test}, which is not there"
            for file, test in tests
            if test not in tests_of(file)
        ]
    return found if seen else ["the page has no requirements"]


def main() -> int:
    """Print the problems; 1 when there are some."""
    found = problems(PAGE.read_text(encoding="utf-8").splitlines())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
