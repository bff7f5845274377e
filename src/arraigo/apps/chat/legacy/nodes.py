"""The `mapping` of a ChatGPT conversation: its nodes as a row of messages, and the nodes again.

A node has an id, a message or null, a parent and children. What follows from the row of messages (`tree`) is not kept:
of an ordinary conversation nothing but the name of the node that it begins with. What is kept of a node, beside what
`fields.take` keeps:

    without    what it does not have
    parent     whom it answers, where that does not follow
    children   their names, where they are not those that have it as parent, in the mapping's order
    unlisted   true: its parent does not have it among its children

and of the mapping: `bare`, the nodes without a message; `nodes`, their order, where it is not bare ones first and then
messages by number; `leaf`, where the conversation stands, where that is not the end of the active branch.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from arraigo.apps.chat.legacy.tree import Link, give_leaf, in_a_row, last_of, name_of, ref, take_leaf, usual_parents
from arraigo.move.records.fields import give, names, part, take
from arraigo.move.records.jsontext import Json, Unfit, kind_of, shown

LEAF = "current_node"
_ORDER = ("id", "message", "parent", "children")
Held = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Row:
    """A mapping as a row of messages.

    Attributes:
        links: The messages in the order of reading.
        held: By name: what is kept of each message's node.
        legacy: What is kept of the mapping.
    """

    links: list[Link]
    held: dict[str, Held]
    legacy: dict[str, Json]


def take_nodes(record: Mapping[str, Json]) -> Row:
    """A conversation's mapping as a row.

    Raises:
        Unfit: A node is not what it has to be.
    """
    mapping = record.get("mapping")
    if not isinstance(mapping, dict):
        raise Unfit("has no mapping of nodes")
    nodes = {name: _checked(name, node) for name, node in mapping.items()}
    parents = {name: _parent(node) for name, node in nodes.items()}
    said = {name for name, node in nodes.items() if node.get("message") is not None}
    bare = [name for name in nodes if name not in said]
    links = in_a_row(parents, (record.get(LEAF), next(reversed(nodes), None)), said)
    start = bare[-1] if bare else None

    by_name = {link.name: link for link in links}
    usual = _usual_parents(bare, links, start)
    listed = {(name, child) for name, node in nodes.items() for child in _children(node)}
    unlisted = {name for name, parent in parents.items() if parent in nodes and (parent, name) not in listed}
    children = _usual_children(nodes, parents, unlisted)
    habits = _habits(nodes[links[0].name]) if links else {}
    held: dict[str, Held] = {}
    for name, node in nodes.items():
        held[name] = _hold(name, node, habits) | ({"unlisted": True} if name in unlisted else {})
        if parents[name] != usual[name] and "parent" in node:
            parent = parents[name]
            held[name]["parent"] = None if parent is None else ref(parent, by_name)
        if _children(node) != children[name]:
            held[name]["children"] = [ref(child, by_name) for child in _children(node)]

    order = [*bare, *by_name]
    legacy: dict[str, Json] = {
        "bare": {name: held.pop(name) for name in bare},
        "nodes": [] if list(nodes) == order else [ref(name, by_name) for name in nodes],
        "node": habits,
        "leaf": take_leaf(record, LEAF, last_of(links, start), by_name),
    }
    return Row(links, held, {name: value for name, value in legacy.items() if value})


def give_nodes(
    links: Sequence[Link], held: Mapping[str, Held], messages: Mapping[str, Json], legacy: Mapping[str, Json]
) -> dict[str, Json]:
    """The mapping, and `current_node` where the conversation had it, from what `take_nodes` gave."""
    kept = part(legacy, "bare")
    bare = {name: node if isinstance(node, dict) else {} for name, node in kept.items()}
    all_held = {**bare, **{link.name: held.get(link.name, {}) for link in links}}
    start = next(reversed(bare), None)
    by_number = {link.number: link for link in links}
    usual = _usual_parents(bare, links, start)
    parents = {name: _given_parent(node, usual[name], by_number) for name, node in all_held.items()}
    order = _in_order(legacy.get("nodes"), all_held, by_number)
    children = _usual_children(order, parents, {name for name, node in all_held.items() if "unlisted" in node})
    mapping: dict[str, Json] = {}
    for name in order:
        node = all_held[name]
        stands: dict[str, Json] = {
            "id": name,
            "message": messages.get(name),
            "parent": parents[name],
            "children": list[Json](_given_children(node, children[name], by_number)),
        }
        without = {gone for gone in names(node, "without") if gone == "id" or not stands.get(gone)}
        present = {key: value for key, value in stands.items() if key not in without}
        mapping[name] = give((), {}, node, given=present, order=_ORDER, house=part(legacy, "node"))
    return {"mapping": mapping} | give_leaf(legacy, LEAF, last_of(links, start), by_number)


def _checked(name: str, node: Json) -> dict[str, Json]:
    what = f"node {shown(name)}"
    if not isinstance(node, dict):
        raise Unfit(f"{what} is {kind_of(node)}, not an object")
    message, parent, children = node.get("message"), node.get("parent"), node.get("children", [])
    if message is not None and not isinstance(message, dict):
        raise Unfit(f"{what}: its message is {kind_of(message)}, not an object")
    if parent is not None and not isinstance(parent, str):
        raise Unfit(f"{what}: its parent is {kind_of(parent)}, not a text")
    if not isinstance(children, list) or not all(isinstance(child, str) for child in children):
        raise Unfit(f"{what}: its children are not a list of texts")
    return node


def _parent(node: Mapping[str, Json]) -> str | None:
    found = node.get("parent")
    return found if isinstance(found, str) else None


def _children(node: Mapping[str, Json]) -> list[str]:
    return names(node, "children")


def _usual_parents(bare: Iterable[str], links: Sequence[Link], start: str | None) -> dict[str, str | None]:
    by_number = usual_parents(links, start)
    return {**dict.fromkeys(bare), **{link.name: by_number[link.number] for link in links}}


def _usual_children(
    order: Iterable[str], parents: Mapping[str, str | None], unlisted: Collection[str]
) -> dict[str | None, list[str]]:
    children: dict[str | None, list[str]] = defaultdict(list)
    for name in order:
        if name not in unlisted:
            children[parents[name]].append(name)
    return children


def _habits(node: Mapping[str, Json]) -> dict[str, Json]:
    """The order of the keys, which the nodes have in common."""
    return {name: value for name, value in _hold("", {**node, "id": ""}, {}).items() if name == "order"}


def _hold(name: str, node: Mapping[str, Json], habits: Mapping[str, Json]) -> Held:
    given = [key for key in _ORDER if key in node and (key != "id" or node[key] == name)]
    _, legacy = take((), node, given=given, order=_ORDER, house=habits, notes=Counter())
    without: list[Json] = [key for key in _ORDER if key not in node]
    return legacy | ({"without": without} if without else {})


def _given_parent(node: Held, usual: str | None, links: Mapping[int, Link]) -> str | None:
    if "parent" in names(node, "without"):
        return None
    if "parent" not in node:
        return usual
    return None if node["parent"] is None else name_of(node["parent"], links) or usual


def _given_children(node: Held, usual: list[str], links: Mapping[int, Link]) -> list[str]:
    kept = node.get("children")
    if not isinstance(kept, list):
        return usual
    known = [name for name in (name_of(child, links) for child in kept) if name is not None]
    there = set(known)
    return [*known, *(name for name in usual if name not in there)]


def _in_order(kept: Json, known: Mapping[str, object], links: Mapping[int, Link]) -> list[str]:
    first = [name_of(node, links) for node in kept] if isinstance(kept, list) else []
    return list(dict.fromkeys([*(name for name in first if name in known and name is not None), *known]))
