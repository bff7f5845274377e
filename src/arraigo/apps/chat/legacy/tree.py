"""A tree of messages, as people edit and ask again, in one row of numbers, and the tree again.

First comes the **active branch**, from the beginning to the message where the conversation stands; then all other
messages, branch by branch. These carry a mark in their metadata, `{"branch": {"parent": 4}}`: not on the active branch,
and the number of the message that they answer (null: the beginning). A message without the mark answers the one without
a mark before it. Nothing here calls itself: a conversation may be as deep as it likes.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from arraigo.move.records.jsontext import Json, Number

MARK = "branch"


@dataclass(frozen=True, slots=True)
class Link:
    """One message in the row.

    Attributes:
        number: Its number.
        name: What the source calls it.
        active: Whether it is on the active branch.
        answers: If not: the number of the message that it answers; None: the beginning.
    """

    number: int
    name: str
    active: bool = True
    answers: int | None = None

    @property
    def mark(self) -> dict[str, Json]:
        """What its metadata says of that."""
        parent = None if self.answers is None else Number(str(self.answers))
        return {} if self.active else {MARK: {"parent": parent}}

    @classmethod
    def read(cls, number: int, name: str, own: dict[str, Json]) -> "Link":
        """The link that the metadata say, and its mark taken out of them."""
        mark = own.get(MARK)
        if not isinstance(mark, dict) or set(mark) != {"parent"}:
            return cls(number, name)
        parent = mark["parent"]
        if parent is not None and not _is_number(parent):
            return cls(number, name)
        del own[MARK]
        return cls(number, name, active=False, answers=number_in(parent))


def in_a_row(parents: Mapping[str, str | None], leaves: Iterable[Json], said: Container[str]) -> list[Link]:
    """The messages in the order of reading.

    Args:
        parents: By name, in the source's order: what it answers.
        leaves: Where the conversation may stand: the first counts that has a message behind it.
        said: The names that have a message; others only hold the tree together.
    """
    active: list[str] = []
    for leaf in leaves:
        active = [name for name in _path(parents, leaf) if name in said]
        if active:
            break
    others = dict.fromkeys(name for name in (*_branch_by_branch(parents), *parents) if name in said)
    for name in active:
        del others[name]
    numbers = {name: number for number, name in enumerate((*active, *others), 1)}
    links = [Link(numbers[name], name) for name in active]
    return links + [
        Link(numbers[name], name, active=False, answers=_nearest(parents, name, numbers)) for name in others
    ]


def usual_parents(links: Sequence[Link], start: str | None) -> dict[int, str | None]:
    """By number: what each message answers; `start` is what the first does."""
    names = {link.number: link.name for link in links}
    found: dict[int, str | None] = {}
    last = start
    for link in links:
        if link.active:
            found[link.number] = last
            last = link.name
        else:
            found[link.number] = start if link.answers is None else names.get(link.answers, start)
    return found


def last_of(links: Sequence[Link], start: str | None) -> str | None:
    """Where the conversation stands: the last message of the active branch."""
    return next((link.name for link in reversed(links) if link.active), start)


def ref(name: str, links: Mapping[str, Link]) -> Json:
    """How a legacy names a node: a message by its number, anything else as it is."""
    return Number(str(links[name].number)) if name in links else name


def name_of(found: Json, links: Mapping[int, Link]) -> str | None:
    """The name that `ref` stands for; None where that message is not there any more."""
    if isinstance(found, str):
        return found
    number = number_in(found)
    return links[number].name if number is not None and number in links else None


def number_in(found: Json) -> int | None:
    """The number of a message, if it is one."""
    return int(found.text) if isinstance(found, Number) and _is_number(found) else None


def take_leaf(record: Mapping[str, Json], name: str, usual: str | None, links: Mapping[str, Link]) -> list[Json]:
    """What is kept of the field that says where the conversation stands.

    Nothing where it follows; else what would follow, as long as which it counts, and what was there, if anything.
    """
    if name in record and record[name] == usual:
        return []
    return [None if usual is None else ref(usual, links), *([record[name]] if name in record else [])]


def give_leaf(legacy: Mapping[str, Json], name: str, usual: str | None, links: Mapping[int, Link]) -> dict[str, Json]:
    """The field again, from what `take_leaf` kept under `leaf`."""
    kept = legacy.get("leaf")
    if isinstance(kept, list) and kept and name_of(kept[0], links) == usual:
        return {name: kept[1]} if len(kept) > 1 else {}
    return {name: usual}


def _is_number(found: Json) -> bool:
    return isinstance(found, Number) and found.text.isdecimal() and len(found.text) < 10  # noqa: PLR2004 - an int's


def _path(parents: Mapping[str, str | None], leaf: Json) -> list[str]:
    path: dict[str, None] = {}
    at = leaf
    while isinstance(at, str) and at in parents and at not in path:
        path[at] = None
        at = parents[at]
    return list(reversed(path))


def _branch_by_branch(parents: Mapping[str, str | None]) -> list[str]:
    """All that hangs on a beginning; what goes round in a circle does not."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for name, parent in parents.items():
        children[parent if parent in parents else None].append(name)
    found: list[str] = []
    waiting = children[None][::-1]
    while waiting:
        found.append(waiting.pop())
        waiting.extend(reversed(children[found[-1]]))
    return found


def _nearest(parents: Mapping[str, str | None], name: str, numbers: Mapping[str, int]) -> int | None:
    """The message that it answers, past nodes that have none."""
    passed = {name}
    at = parents[name]
    while at is not None and at in parents and at not in numbers and at not in passed:
        passed.add(at)
        at = parents[at]
    return numbers.get(at) if at is not None else None
