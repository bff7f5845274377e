"""Tickets of a museum: prices with exceptions, a check digit, quantities kept."""

from decimal import Decimal

from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    SAME,
    Binary,
    Check,
    Choose,
    Compare,
    Compute,
    Const,
    Count,
    Every,
    Missing,
    Move,
    Not,
    Number,
    Piece,
    Ref,
    Remember,
    Rounded,
    Shape,
    Some,
    System,
    num,
)
from arraigo.apps.testplans.plan import Glossary
from support.system_models import between, equal, gives, less, listed, more, needed, system

BUY, GUIDES, SCAN, REFUND = "buy_tickets", "add_audio_guides", "scan", "refund"
PERSONS = Binary("+", Binary("+", Ref("adults"), Ref("concessions")), Ref("children"))
EVENING = Every((equal("weekday", "Thursday"), Compare(Ref("entry_time"), ">=", Const("17:30"))))
FAMILY = Every(
    (
        Compare(Ref("adults"), "==", num(2)),
        Compare(Ref("children"), ">=", num(1)),
        Compare(Ref("children"), "<=", num(3)),
        Compare(Ref("concessions"), "==", num(0)),
    )
)


def made(glossary: Glossary) -> System:
    """The stories."""
    it = system(
        glossary,
        "none",
        ["valid", "used", "refunded"],
        weekday="choice",
        entry_time="time",
        adults="integer",
        concessions="integer",
        children="integer",
        member_code="text?",
        guides="integer",
        minutes_late="integer",
        hours_before="integer",
    )
    it.begin |= {"persons": num(0).value, "guides_sold": num(0).value, "paid": num(0).value}
    it.returns = {BUY: "total", GUIDES: "paid"}
    _buying(it)
    _after(it)
    return it


def _buying(it: System) -> None:
    buy = (BUY,)
    it.rules += needed("TK-1", BUY, "weekday", "entry_time", "adults", "concessions", "children")
    for name in ("adults", "concessions", "children"):
        it.rules += between("TK-1", BUY, name, 0, None)
    days = ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    late = Choose(((equal("weekday", "Thursday"), num(20 * 60)),), num(17 * 60))
    it.rules += [
        Check("TK-1", buy, equal("weekday", "Monday"), "Closed on Mondays"),
        listed("TK-1", BUY, "weekday", *days, "Monday"),
        Check("TK-1", buy, Compare(Binary("%", Count("entry_time"), num(30)), "!=", num(0)), "No entry at this time"),
        Check("TK-1", buy, Compare(Count("entry_time"), "<", num(600)), "No entry at this time"),
        Check("TK-1", buy, Compare(Count("entry_time"), ">", late), "No entry at this time"),
        Check("TK-1", buy, Compare(PERSONS, "<", num(1))),
        Check("TK-1", buy, Compare(PERSONS, ">", num(20)), "Please book as a group"),
        Check("TK-1", buy, Every((more("children", 0), less("adults", 1))), "Children need an adult"),
        Move("TK-1", buy, ("none",), "valid"),
    ]
    code = Ref("member_code")
    right = Compare(Binary("%", Number("digits", Piece(code, 1, 7)), num(10)), "==", Number("value", Piece(code, 7, 8)))
    wrong = Some((Not(Shape("member_code", "H[0-9]{7}", "code")), Not(right)))
    it.rules.append(Check("TK-4", buy, wrong, "Unknown member"))
    single = Binary(
        "+",
        Binary("+", Binary("*", Ref("adults"), num(14)), Binary("*", Ref("concessions"), num("9.50"))),
        Binary("*", Ref("children"), num(5)),
    )
    it.rules += [
        gives("TK-1", BUY, single, "single"),
        gives("TK-2", BUY, Choose(((EVENING, Binary("/", Ref("single"), num(2))),), Ref("single")), "halved"),
        gives("TK-3", BUY, Choose(((FAMILY, Binary("min", Ref("halved"), num(29))),), Ref("halved")), "family"),
        gives(
            "TK-4",
            BUY,
            Choose(
                (
                    (
                        Not(Missing("member_code")),
                        Rounded(Binary("*", Ref("family"), num("0.80")), "near", Decimal("0.01")),
                    ),
                ),
                Ref("family"),
            ),
            "total",
        ),
        Remember("TK-5", buy, "persons", "set", PERSONS),
        Remember("TK-5", buy, "paid", "set", Ref("total")),
    ]


def _after(it: System) -> None:
    it.rules += [*needed("TK-5", GUIDES, "guides"), *between("TK-5", GUIDES, "guides", 1, 5)]
    many = Compare(Binary("+", Ref("guides_sold"), Ref("guides")), ">", Ref("persons"))
    it.rules += [
        Check("TK-5", (GUIDES,), many, "More guides than visitors"),
        Move("TK-5", (GUIDES,), ("valid",), SAME),
        Remember("TK-5", (GUIDES,), "guides_sold", "plus", Ref("guides")),
        Remember("TK-5", (GUIDES,), "paid", "plus", Binary("*", Ref("guides"), num("3.50"))),
        Compute("TK-5", (GUIDES,), "paid", ALWAYS, "set", Ref("paid")),
    ]
    it.rules += [*needed("TK-6", SCAN, "minutes_late"), *between("TK-6", SCAN, "minutes_late", None, None)]
    it.rules += [
        Check("TK-6", (SCAN,), less("minutes_late", -15), "Too early"),
        Check("TK-6", (SCAN,), more("minutes_late", 45), "Entry time missed"),
        Check("TK-6", (SCAN,), equal("@state", "used"), "Already used"),
        Move("TK-6", (SCAN,), ("valid",), "used"),
    ]
    it.rules += [*needed("TK-7", REFUND, "hours_before"), *between("TK-7", REFUND, "hours_before", 0, None)]
    all_ = Compare(Ref("hours_before"), ">=", num(48))
    half = Rounded(Binary("/", Ref("paid"), num(2)), "near", Decimal("0.01"))
    it.rules += [
        Check("TK-7", (REFUND,), Every((less("hours_before", 24),)), "Too late for a refund"),
        Move("TK-7", (REFUND,), ("valid",), "refunded"),
        gives("TK-7", REFUND, Choose(((all_, Ref("paid")),), half)),
    ]
