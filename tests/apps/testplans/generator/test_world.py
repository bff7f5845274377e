"""What the model says of each step, and what it leaves open."""

from collections.abc import Mapping
from decimal import Decimal

from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Scope
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    SAME,
    VALUE,
    At,
    Binary,
    Check,
    Choose,
    Compare,
    Compute,
    Const,
    Count,
    Expression,
    Field,
    Length,
    Missing,
    Move,
    Not,
    Number,
    OneOf,
    Piece,
    Plain,
    Ref,
    Remember,
    Rule,
    Strikes,
    System,
    Typed,
    Vague,
    num,
)
from arraigo.apps.testplans.generator.world import Machine, Outcome

D = Decimal


def system(*rules: Rule, initial: str | None = "open", **fields: str) -> System:
    made = System(initial=initial, states=["open", "shut", "lost"], rules=list(rules))
    made.operations = {"put": tuple(fields), "shut": (), "other": ()}
    made.fields = {name: Field(name, kind, required=None) for name, kind in fields.items()}
    return made


def run(of: System, *steps: tuple[str, Mapping[str, Plain]]) -> list[Outcome]:
    return list(Machine(of).run(steps))


def value(expression: Expression, **names: Plain) -> object:
    return Scope(System(), "put", names).value(expression)


def test_pieces_digits_clock_times_and_joined_texts_are_computed() -> None:
    code = Ref("code")
    assert value(Number("digits", Piece(code, 1, 4)), code="H1234") == 6
    assert value(Number("value", Piece(code, -1)), code="H1234") == 4
    assert value(Binary("-", Count("end"), Count("start")), start="09:30", end="11:00") == 90
    assert value(Number("weekday", Ref("day")), day="2026-03-16") == 0
    assert value(Binary("&", Const("P"), num(2))) == "P2"
    assert value(Length("code"), code="H1234") == 5


def test_the_first_case_that_holds_decides_and_one_that_may_hold_leaves_it_open() -> None:
    tiers = Choose(((Compare(Ref("n"), "<", num(5)), num(1)), (Compare(Ref("n"), "<", num(9)), num(2))), num(3))
    assert [value(tiers, n=D(n)) for n in (4, 5, 9)] == [1, 2, 3]
    assert value(tiers, n="x") is UNKNOWN


def test_what_is_left_out_or_of_another_kind_is_refused_only_where_somebody_says_so() -> None:
    bound = Check("1", ("put",), Compare(Ref("n"), ">", num(5)), "Too much")
    silent = system(bound, n="integer")
    assert [one.accepted for one in run(silent, ("put", {"n": None}))] == [UNKNOWN]
    assert [one.accepted for one in run(silent, ("put", {"n": "x"}))] == [UNKNOWN]
    strict = system(
        bound, Check("2", ("put",), Missing("n")), Check("2", ("put",), Not(Typed("n", "integer"))), n="integer"
    )
    outcomes = [run(strict, ("put", {"n": n}))[0] for n in (None, "x", D("2.5"), D(6), D(5))]
    assert [one.accepted for one in outcomes] == [False, False, False, False, True]
    assert [one.message for one in outcomes] == [None, None, None, "Too much", None]


def test_of_two_checks_the_first_in_rank_tells_its_message_and_without_ranks_nobody_does() -> None:
    def both(*ranks: int) -> System:
        one, other = ranks
        return system(
            Check("1", ("put",), Compare(Ref("n"), ">", num(5)), "Much", rank=one),
            Check("2", ("put",), Compare(Ref("n"), ">", num(3)), "More", rank=other),
            n="integer",
        )

    assert run(both(2, 1), ("put", {"n": D(9)}))[0].message == "More"
    assert run(both(0, 0), ("put", {"n": D(9)}))[0].message is None


def test_a_refusal_may_change_the_state_and_be_counted() -> None:
    late = Compare(Ref("n"), ">", num(5))
    of = system(
        Check("1", ("put",), late, "Late", target="lost"),
        Remember("2", ("put",), "times", "plus", num(1), late, refused=True),
        Compute("3", ("other",), VALUE, ALWAYS, "set", Ref("times")),
        n="integer",
    )
    of.begin["times"] = D(0)
    refused, told = run(of, ("put", {"n": D(6)}), ("other", {}))
    assert (refused.accepted, refused.state) == (False, "lost")
    assert told.value == 1


def test_a_count_of_refusals_begins_anew_after_what_frees_it() -> None:
    wrong = Not(OneOf("pin", ("1",)))
    of = system(
        Check("1", ("put",), wrong, "Wrong"),
        Strikes("2", ("put",), 2, "shut", resets=False, when=wrong, freed=("other",)),
        pin="text",
    )
    bad = ("put", {"pin": "2"})
    assert run(of, bad, bad)[-1].state == "shut"
    assert run(of, bad, ("other", {}), bad)[-1].state is None
    assert run(of, bad, ("put", {"pin": "1"}), bad)[-1].state == "shut"


def test_quantities_are_kept_by_key() -> None:
    of = system(
        Check("1", ("put",), Compare(At("used", Ref("day")), "==", Const(True)), "Twice"),
        Remember("1", ("put",), "used", "set", Const(True), key=Ref("day")),
        day="choice",
    )
    of.begin["used"] = False
    monday, tuesday = ("put", {"day": "monday"}), ("put", {"day": "tuesday"})
    assert [one.accepted for one in run(of, monday, tuesday, monday)] == [True, True, False]


def test_a_transition_with_a_condition_goes_before_one_without_and_same_stays() -> None:
    many = Compare(Ref("n"), ">", num(5))
    of = system(
        Move("1", ("put",), ("open",), "lost", many),
        Move("1", ("put",), ("open",), SAME),
        Move("2", ("shut",), ("open",), "shut"),
        n="integer",
    )
    assert run(of, ("put", {"n": D(1)}))[0].state == "open"
    assert run(of, ("put", {"n": D(9)}))[0].state == "lost"
    assert [one.accepted for one in run(of, ("shut", {}), ("put", {"n": D(1)}))] == [True, False]


def test_what_is_vague_is_left_out_and_no_more_than_that() -> None:
    rules = (
        Move("1", ("put",), ("open",), "shut"),
        Compute("2", ("put",), VALUE, ALWAYS, "set", Ref("n")),
        Check("3", ("put",), Compare(Ref("n"), ">", num(5)), "Much"),
    )

    def outcomes(what: str) -> list[Outcome]:
        of = system(*rules, Vague("4", ("put",), frozenset({what}), Compare(Ref("n"), ">", num(2))), n="integer")
        return [run(of, ("put", {"n": D(n)}))[0] for n in (1, 3, 9)]

    assert [(one.accepted, one.value, one.state) for one in outcomes("value")[:2]] == [
        (True, 1, "shut"),
        (True, UNKNOWN, "shut"),
    ]
    assert [(one.accepted, one.value, one.state) for one in outcomes("state")[:2]] == [
        (True, 1, "shut"),
        (True, 3, None),
    ]
    assert [one.accepted for one in outcomes("accepted")] == [True, UNKNOWN, False]
    assert [one.message for one in outcomes("message")] == [None, None, None]


def test_after_a_vague_state_what_hangs_on_the_state_is_not_sure() -> None:
    of = system(
        Move("1", ("put",), ("open",), "shut"),
        Vague("2", ("put",), frozenset({"state"})),
        Move("3", ("shut",), ("shut",), "open"),
        n="integer",
    )
    taken, shut, other = run(of, ("put", {"n": D(1)}), ("shut", {}), ("other", {}))
    assert (taken.accepted, shut.accepted, other.accepted) == (True, UNKNOWN, True)
