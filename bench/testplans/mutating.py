"""python -m bench.testplans.mutating [SYSTEM …]: make mutants of the development systems, and freeze them.

The held-out lists have theirs from here too; they are made again only by name, and only their number is told.

Faults are put into a reference one at a time, kind by kind in turn, in an order that a seed gives. Each is a piece of
text that stands once in the reference, so that `mutants.toml` reads as that of a held-out system. A mutant that a large
number of random scripts cannot tell from the reference is taken for equivalent and left out.
"""

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from bench.testplans.system import LISTS, Mutant, System, development, held_out
from bench.testplans.witnesses import found, write

_MOST = 40
_TRIED = 60  # of them, some are equivalent
_SEED = 6
_TRIES = 20_000
_LED = 0.4  # how many of the scripts begin as a probe does
_LARGE = 1_000  # figures that one more or less may not change after rounding
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COUNTED: dict[type[ast.operator], ast.operator] = {ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Add()}
_CALLED = {"max": "min", "min": "max", "ceil": "floor", "floor": "ceil"}
_ANSWERS = {"_accepted", "_refused"}  # how a reference answers, which is no rule


@dataclass(frozen=True)
class Fault:
    """One replacement in a reference.

    Attributes:
        kind: Of the fault, as "compared".
        rule: The first line of the docstring around it.
        start: Where the piece begins in the source, in characters.
        end: Where it ends.
        new: What stands there instead.
    """

    kind: str
    rule: str
    start: int
    end: int
    new: str

    def listed(self, source: str) -> dict[str, str]:
        """As `mutants.toml` has it: the piece made longer, by whole lines, until it is there once."""
        start = source.rindex("\n", 0, self.start) + 1
        end = source.index("\n", self.end)
        old, new = source[self.start : self.end], self.new
        line = source.count("\n", 0, self.start) + 1
        name = " ".join(f"line {line}, {self.kind}: {old or 'nothing'} → {new or 'nothing'}".split())
        if source.count(old) > 1:
            while source.count(source[start:end]) > 1:
                start = source.rindex("\n", 0, start - 1) + 1
            old, new = source[start:end], source[start : self.start] + self.new + source[self.end : end]
        return {"name": name, "rule": self.rule, "old": old, "new": new}


class _Faults:
    """All faults of a reference."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self.lines = [0]
        for line in source.encode().splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))
        self.bytes = source.encode()
        self.states = sorted(
            {
                str(node.value.value)
                for node in ast.walk(self.tree)
                if isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == "self.state"
                and isinstance(node.value, ast.Constant)
            }
        )

    def all(self) -> Iterator[Fault]:
        """Of the figures and tables at the top, and of every method."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
                yield from self._within(node.value, "a figure or a table", nested=False)
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield from self._methods(node)

    def _methods(self, node: ast.ClassDef | ast.FunctionDef) -> Iterator[Fault]:
        functions = [one for one in ast.walk(node) if isinstance(one, ast.FunctionDef) and one.name not in _ANSWERS]
        for function in functions:
            rule = (ast.get_docstring(function) or "the beginning").splitlines()[0]
            for statement in function.body:
                yield from self._within(statement, rule, nested=False)

    def _within(self, node: ast.AST, rule: str, *, nested: bool) -> Iterator[Fault]:
        """Of a node and all below it; a nested expression is put in brackets."""
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        for kind, new in _changes(node, self.states):
            yield self._fault(kind, rule, node, f"({new})" if nested and isinstance(node, _LOOSE) else new)
        if isinstance(node, ast.If | ast.IfExp):
            yield self._fault("condition dropped", rule, node.test, "False")
        for child in ast.iter_child_nodes(node):
            yield from self._within(child, rule, nested=isinstance(node, ast.expr))

    def _fault(self, kind: str, rule: str, node: ast.AST, new: str) -> Fault:
        assert isinstance(node, ast.expr | ast.stmt)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self.lines[node.lineno - 1] + node.col_offset
        end = self.lines[node.end_lineno - 1] + node.end_col_offset
        return Fault(kind, rule, len(self.bytes[:start].decode()), len(self.bytes[:end].decode()), new)


_LOOSE = (ast.BoolOp, ast.BinOp, ast.Compare, ast.UnaryOp, ast.IfExp)


def _changes(node: ast.AST, states: list[str]) -> Iterator[tuple[str, str]]:
    """What may stand in a node's place, each with its kind."""
    if isinstance(node, ast.Compare | ast.BoolOp | ast.BinOp | ast.Set):
        yield from _combined(node)
    elif isinstance(node, ast.Assign | ast.AugAssign):
        target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
        if ast.unparse(target).startswith("self."):
            yield "change dropped", "pass"
    elif isinstance(node, ast.Call):
        yield from _called(node)
    elif isinstance(node, ast.Constant):
        yield from _constant(node.value, states)


def _combined(node: ast.Compare | ast.BoolOp | ast.BinOp | ast.Set) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            if new := _COMPARED.get(type(operator)):
                ops = [*node.ops[:at], new(), *node.ops[at + 1 :]]
                yield "compared", _text(ast.Compare(node.left, ops, node.comparators))
    elif isinstance(node, ast.BoolOp):
        yield "and for or", _text(ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))
        for at in range(len(node.values)):
            rest = [*node.values[:at], *node.values[at + 1 :]]
            yield "part dropped", _text(ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0])
    elif isinstance(node, ast.BinOp) and type(node.op) in _COUNTED:
        yield "counted", _text(ast.BinOp(node.left, _COUNTED[type(node.op)], node.right))
    elif isinstance(node, ast.Set) and len(node.elts) > 1:
        for at in range(len(node.elts)):
            yield "one fewer", _text(ast.Set([*node.elts[:at], *node.elts[at + 1 :]]))


def _called(node: ast.Call) -> Iterator[tuple[str, str]]:
    """Rounding, sums of money, and the words of a message."""
    name = ast.unparse(node.func)
    bare = name.rpartition(".")[2]
    if bare in _CALLED:
        yield "rounded", _text(node).replace(name, name.removesuffix(bare) + _CALLED[bare], 1)
    elif bare == "rounded" and len(node.args) > 1:
        yield "rounded", f"float({_text(node.args[0])})"
        yield "rounded", f"float(int({_text(node.args[0])}))"
    elif bare == "Decimal" and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
        figure = node.args[0].value
        last = next(at for at in reversed(range(len(figure))) if figure[at] in "123456789")
        yield "figure", f'Decimal("{figure[:last]}{int(figure[last]) % 9 + 1}{figure[last + 1 :]}")'
    elif bare == "_refused" and node.args and isinstance(node.args[0], ast.Constant):
        yield "message", f'{name}("Error")'


def _constant(value: object, states: list[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield "flag", str(not value)
    elif isinstance(value, int | float):
        yield "figure", str(value + 1)
        yield "figure", str(value - 1)
        if value >= _LARGE:
            yield "figure", str(round(value * 1.1))
    elif value in states and len(states) > 1:
        others = [state for state in states if state != value]
        yield "state", f'"{others[len(str(value)) % len(others)]}"'


def _text(node: ast.expr) -> str:
    """Its source, with the quotation marks of this project."""
    text = ast.unparse(node)
    return text if '"' in text else text.replace("'", '"')


def faults(source: str) -> list[dict[str, str]]:
    """All faults of a reference, kind by kind in turn; the same order every time."""
    chance = Random(_SEED)  # noqa: S311 - no secret
    kinds: dict[str, list[Fault]] = {}
    for fault in _Faults(source).all():
        kinds.setdefault(fault.kind, []).append(fault)
    for some in kinds.values():
        chance.shuffle(some)
    turns = [fault for turn in zip_longest(*kinds.values()) for fault in turn if fault]
    listed = {fault.listed(source)["name"]: fault.listed(source) for fault in turns}
    return list(listed.values())


def freeze(system: System) -> tuple[int, list[str]]:
    """Write `mutants.toml` and `witnesses.json`: the first mutants that a witness tells from the reference.

    Returns:
        How many were written, and the names of those that are equivalent as far as chance can tell.
    """
    tried = faults(system.source)[:_TRIED]
    mutants = [Mutant(one["name"], one["rule"], system.source.replace(one["old"], one["new"])) for one in tried]
    witnesses = found(system, mutants, _TRIES, _LED)
    kept = [one for one in tried if one["name"] in witnesses][:_MOST]
    lines = [
        f"  {{ {', '.join(f'{key} = {json.dumps(one[key], ensure_ascii=False)}' for key in one)} }},\n" for one in kept
    ]
    (system.folder / "mutants.toml").write_text("mutant = [\n" + "".join(lines) + "]\n", encoding="utf-8")
    write(system, {one["name"]: witnesses[one["name"]] for one in kept})
    return len(kept), [one["name"] for one in tried if one["name"] not in witnesses]


def main() -> None:
    """All development systems, or those that are named."""
    for system in development():
        if not sys.argv[1:] or system.name in sys.argv[1:]:
            kept, without = freeze(system)
            print(f"{system.name}: {kept} mutants; equivalent, as far as chance can tell:")
            print(*(f"  {name}" for name in without), sep="\n")
    for system in held_out():
        if system.group == LISTS.name and system.name in sys.argv[1:]:
            kept, without = freeze(system)
            print(f"{system.name}: {kept} mutants, {len(without)} equivalent")


if __name__ == "__main__":
    main()
