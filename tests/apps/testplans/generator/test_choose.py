"""Which data are tried, which faults they notice, and which cases are chosen."""

from decimal import Decimal

from arraigo.apps.testplans.generator.choose import ordered, tried
from arraigo.apps.testplans.generator.model import (
    Binary,
    Check,
    Compare,
    Field,
    Missing,
    Move,
    Not,
    Ref,
    Remember,
    Rule,
    System,
    Typed,
    num,
)
from arraigo.apps.testplans.generator.techniques.candidates import Candidates
from arraigo.apps.testplans.generator.techniques.faults import faults
from arraigo.apps.testplans.generator.techniques.samples import misshaped, shaped

D = Decimal
BOUNDS: list[Rule] = [
    Check("R1", ("put",), Missing("n")),
    Check("R1", ("put",), Not(Typed("n", "integer"))),
    Check("R1", ("put",), Compare(Ref("n"), "<", num(3)), "Few"),
    Check("R1", ("put",), Compare(Ref("n"), ">", num(8)), "Many"),
]
STOCK: list[Rule] = [
    *BOUNDS,
    Check("R2", ("put",), Compare(Binary("+", Ref("held"), Ref("n")), ">", num(20)), "Full"),
    Remember("R2", ("put",), "held", "plus", Ref("n")),
    Move("R3", ("put",), ("open",), "open"),
    Move("R3", ("shut",), ("open",), "shut"),
]


def system(rules: list[Rule]) -> System:
    made = System(initial="open", states=["open", "shut"], rules=list(rules), begin={"held": D(0)})
    made.operations = {"put": ("n",), "shut": ()}
    made.fields = {"n": Field("n", "integer")}
    return made


def test_both_sides_of_each_limit_a_wrong_kind_and_nothing_at_all_are_tried() -> None:
    all_ = Candidates(system(BOUNDS))
    tested = {node.inputs["n"] for node in all_.tree.of("put")}
    assert {D(2), D(3), D(8), D(9), "abc", None} <= tested
    assert {why.technique for node in all_.tree.of("put") if (why := node.why).value in {D(2), D(3), D(8), D(9)}} == {
        "boundary_value_2"
    }


def test_a_limit_on_what_is_kept_is_reached_by_several_steps() -> None:
    all_ = Candidates(system(STOCK))
    full = [node for node in all_.tree.of("put") if node.outcome.message == "Full"]
    assert full
    assert 3 <= min(node.depth for node in full) <= 4


def test_what_nothing_could_notice_is_all_that_nothing_notices() -> None:
    all_ = Candidates(system(STOCK))
    alive = [all_.killing.faults[n] for n in all_.killing.alive()]
    assert all(isinstance(fault.was, (Check, Move)) for fault in alive)
    assert not [fault for fault in alive if isinstance(fault.was, Check) and fault.was.message]


def test_the_first_cases_notice_all_that_all_of_them_notice() -> None:
    of = system(STOCK)
    everything = tried(Candidates(of), ["R1", "R2", "R3"])
    noticed = 0
    for one in everything:
        noticed |= one.faults
    first = 0
    for one in ordered(everything, 60)[:25]:
        first |= one.faults
    assert first == noticed
    assert {one.requirements[0] for one in ordered(everything, 60)[:6]} == {"R1", "R2", "R3"}


def test_without_room_refusals_are_tried_in_a_row() -> None:
    everything = tried(Candidates(system(STOCK)), ["R1", "R2", "R3"])
    tight = ordered(everything, 5)
    assert any(one.candidate.note == "refusals" for one in tight[:10])
    assert not any(one.candidate.note == "refusals" for one in ordered(everything, 60))


def test_each_rule_has_faults_and_each_fault_is_another_rule() -> None:
    of = system(STOCK)
    made = faults(of)
    assert {fault.was.requirement for fault in made} == {"R1", "R2", "R3"}
    assert all(fault.rule != fault.was for fault in made)


def test_texts_fit_their_shape_or_break_it() -> None:
    for pattern in (r"TEC-[0-9]{4}", r"[A-C][1-4]", r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", r"\d{3}|[A-Z]{2}"):
        wrong = misshaped(pattern)
        assert len(wrong) >= 3
        assert shaped(pattern) not in wrong
