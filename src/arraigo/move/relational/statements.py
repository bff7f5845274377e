"""The script that pg_dump writes, taken apart into its entries.

pg_dump (PostgreSQL 18) heads each entry of a plain script with a comment that says its type, schema, name and owner.
Only a comment counts: the same words within a text, a quoted name or a function's body are none.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise

from arraigo.move.relational.names import unquoted

_TOKEN = re.compile(
    r"""E'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$
      | ^--\n--\ (?:Data\ for\ )?Name:\ (?P<name>[^\n]*);\ Type:\ (?P<kind>[A-Z ]+);
            \ Schema:\ (?P<schema>[^\n]*);\ Owner:(?P<owner>[^\n]*)\n--\n
      | --[^\n]*""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_OWNER = re.compile(r"\n\nALTER [^\n;]* OWNER TO (?P<owner>[^\n;]+);\s*\Z")
_SETTING = re.compile(r"^(SET|RESET) [a-z_]+( = [^\n]*)?;$|^SELECT pg_catalog\.set_config\([^\n]*;$", re.MULTILINE)
_META = re.compile(r"^\\(?:un)?restrict [^\n]*$", re.MULTILINE)
_NAME = r"""(?:"(?:[^"]|"")*"|[^\s",;]+)"""
_ROLE = re.compile(_NAME)
_GRANTEE = re.compile(rf" (?:TO|FROM) (?P<role>{_NAME})(?: WITH GRANT OPTION)?;$")
_FOR_ROLE = re.compile(rf"^ALTER DEFAULT PRIVILEGES FOR ROLE (?P<role>{_NAME})")
_POLICY_ROLES = re.compile(rf" TO (?P<roles>{_NAME}(?:, {_NAME})*)(?: USING | WITH CHECK |;)")

# What pg_dump writes behind the data: everything of these kinds, and what follows the first of them.
AFTER_DATA = frozenset(
    {
        "INDEX", "CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT", "INDEX ATTACH", "STATISTICS", "TRIGGER", "RULE",
        "POLICY", "ROW SECURITY", "EVENT TRIGGER", "DEFAULT ACL", "PUBLICATION",
    }
)  # fmt: skip

_WORDS = {"ACL": "grant", "DEFAULT ACL": "default grant", "FK CONSTRAINT": "foreign key"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a schema, or something about one.

    Attributes:
        kind: As pg_dump says it: TABLE, FK CONSTRAINT, ACL and so on.
        schema: Its schema; empty: it is in none.
        name: Of a constraint, trigger, policy or default: the table's name, a space, and its own.
        text: Its statements, without the one that names its owner.
        owner: The statement that does, as SQL, and the role in it, as it is called; empty: there is none.
        after_data: Whether it belongs behind the data.
    """

    kind: str
    schema: str
    name: str
    text: str
    owner: str = ""
    role: str = ""
    after_data: bool = False

    @property
    def label(self) -> str:
        """How plans and reports call it, and `--accept` names it."""
        place = f"{self.schema}.{self.name}" if self.schema else self.name
        return f"{_WORDS.get(self.kind, self.kind.lower())} {place}"

    @property
    def step(self) -> str:
        """Its name in the ledger: an entry that says something else is another step."""
        return f"{self.label} {sha256(self.text.encode()).hexdigest()[:16]}"

    def own(self, schema: str, table: str) -> str:
        """The name of what it makes on a table; empty: it makes nothing there."""
        if self.schema != schema or not self.name.startswith(f"{table} "):
            return ""
        return self.name.removeprefix(f"{table} ")

    def with_text(self, text: str) -> "Entry":
        """The same object, said otherwise."""
        return replace(self, text=text)


def entries(script: str) -> list[Entry]:
    """The entries of a plain script, in its order; what stands before the first is left out."""
    found = list(_cut(script))
    boundary = next((place for place, entry in enumerate(found) if entry.kind in AFTER_DATA), len(found))
    behind = [replace(entry, after_data=place >= boundary) for place, entry in enumerate(found)]
    return [one for entry in behind for one in _single(entry) if one.text]


def _cut(script: str) -> Iterator[Entry]:
    heads = [match for match in _TOKEN.finditer(script) if match["kind"]]
    ends = [match.start() for match in heads[1:]] + [len(script)]
    for head, end in zip(heads, ends, strict=True):
        text = _without_settings(_META.sub("", script[head.end() : end])).rstrip()
        owner = _OWNER.search(text)
        body = text[: owner.start()] if owner else text
        yield Entry(
            head["kind"],
            "" if head["schema"] == "-" else head["schema"],
            head["name"],
            body.strip(),
            owner[0].strip() if owner else "",
            unquoted(owner["owner"]) if owner else "",
        )


def roles_in(entry: Entry) -> list[str]:
    """The roles that a grant or a policy names, as they are called."""
    if entry.kind == "POLICY":
        listed = _POLICY_ROLES.search(entry.text)
        return [unquoted(name) for name in _ROLE.findall(listed["roles"])] if listed else []
    found = _GRANTEE.search(entry.text)
    owner = _FOR_ROLE.search(entry.text)
    return [unquoted(match["role"]) for match in (found, owner) if match]


def _without_settings(text: str) -> str:
    """Without what pg_dump says to psql between two entries: our sessions are set already."""
    quoted = [match.span() for match in _TOKEN.finditer(text) if not match[0].startswith("--")]
    found = [
        match.span()
        for match in _SETTING.finditer(text)
        if not any(begin < match.start() < end for begin, end in quoted)
    ]
    for begin, end in reversed(found):
        text = text[:begin] + text[end:]
    return text


def _single(entry: Entry) -> Iterable[Entry]:
    """Grants one by one, since one that fails shall not take the others with it."""
    if entry.kind not in {"ACL", "DEFAULT ACL"}:
        return [entry]
    return [
        replace(entry, text=text, name=f"{entry.name} {_grantee(text)}".strip()) for text in _lines(entry.text) if text
    ]


def _lines(text: str) -> list[str]:
    """The statements of a text that holds no function."""
    ends = [0]
    masked = _TOKEN.sub(lambda match: " " * len(match[0]), text)
    ends += [place + 1 for place, char in enumerate(masked) if char == ";"]
    return [text[begin:end].strip() for begin, end in pairwise(ends)]


def _grantee(text: str) -> str:
    found = _GRANTEE.search(text)
    return f"{'from' if text.startswith('REVOKE') or ' REVOKE ' in text else 'to'} {found['role']}" if found else ""
