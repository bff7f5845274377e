"""Stock: a formula kept from the beginning, states that follow from a quantity, a second count that decides."""

from decimal import Decimal

from arraigo.apps.testplans.generator.model import (
    SAME,
    STATE,
    Binary,
    Check,
    Choose,
    Compare,
    Condition,
    Const,
    Every,
    Expression,
    Move,
    Multiple,
    Not,
    OneOf,
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
from support.system_models import between, gives, needed, system

CREATE, RECEIVE, ISSUE, COUNT, ORDER = "createItem", "receive", "issue", "count", "proposeOrder"
OPEN = ("empty", "low", "normal")


def made(glossary: Glossary) -> System:
    """Chapters 2 to 5."""
    it = system(
        glossary,
        "none",
        [*OPEN, "blocked"],
        sku="text",
        unitCost="number",
        dailyDemand="integer",
        leadTimeDays="integer",
        quantity="integer",
        counted="integer",
        coverDays="integer",
    )
    zero = Decimal(0)
    it.begin |= {"stock": zero, "last": zero, "differed": zero}
    _creating(it)
    _stocking(it)
    _counting(it)
    _ordering(it)
    return it


def _creating(it: System) -> None:
    share = Choose(
        tuple(
            (Compare(Piece(Ref("sku"), 0, 1), "==", Const(letter)), num(part))
            for letter, part in (("A", "0.50"), ("B", "0.30"), ("C", "0.10"))
        )
    )
    use = Binary("*", Ref("dailyDemand"), Ref("leadTimeDays"))
    it.rules += needed("INV-01", CREATE, "sku", "unitCost", "dailyDemand", "leadTimeDays")
    it.rules += [
        Check("INV-01", (CREATE,), Not(Shape("sku", "[ABC]-[0-9]{5}", "SKU")), "Invalid SKU"),
        *between("INV-02", CREATE, "unitCost", None, 2000, kind="number"),
        Check("INV-02", (CREATE,), Compare(Ref("unitCost"), "<=", num(0))),
        Check("INV-02", (CREATE,), Not(Multiple("unitCost", Decimal("0.01")))),
        *between("INV-02", CREATE, "dailyDemand", 1, 200),
        *between("INV-02", CREATE, "leadTimeDays", 1, 60),
        gives("INV-03", CREATE, Rounded(Binary("*", use, share), "up", Decimal(1)), "reserve"),
        gives("INV-03", CREATE, Binary("+", use, Ref("reserve"))),
        Remember("INV-03", (CREATE,), "point", "set", Binary("+", use, Ref("reserve"))),
        Remember("INV-03", (CREATE,), "safety", "set", Ref("reserve")),
        Move("INV-04", (CREATE,), ("none",), "empty"),
    ]


def _levels(of: str, operation: str, stock: Expression, when: Condition, sources: tuple[str, ...]) -> list[Move]:
    low = Compare(stock, "<=", Ref("point"))
    none = Compare(stock, "==", num(0))
    return [
        Move(of, (operation,), sources, "empty", Every((when, none))),
        Move(of, (operation,), sources, "low", Every((when, Not(none), low))),
        Move(of, (operation,), sources, "normal", Every((when, Not(none), Not(low)))),
    ]


def _stocking(it: System) -> None:
    blocked = OneOf(STATE, ("blocked",))
    more, less = Binary("+", Ref("stock"), Ref("quantity")), Binary("-", Ref("stock"), Ref("quantity"))
    always = Every(())
    it.rules += [*needed("INV-05", RECEIVE, "quantity"), *between("INV-05", RECEIVE, "quantity", 1, 5000)]
    it.rules += [
        Check("INV-05", (RECEIVE, ISSUE, ORDER), blocked, "Item blocked"),
        Check("INV-05", (RECEIVE,), Compare(more, ">", num(9999)), "Shelf full"),
        Remember("INV-05", (RECEIVE,), "stock", "set", more),
        gives("INV-05", RECEIVE, more),
        *_levels("2.2", RECEIVE, more, always, OPEN),
    ]
    it.rules += [*needed("INV-06", ISSUE, "quantity"), *between("INV-06", ISSUE, "quantity", 1, None)]
    it.rules += [
        Check("INV-06", (ISSUE,), Compare(Ref("quantity"), ">", Ref("stock")), "Not enough stock"),
        Remember("INV-06", (ISSUE,), "stock", "set", less),
        gives("INV-06", ISSUE, less),
        *_levels("2.2", ISSUE, less, always, OPEN),
    ]


def _counting(it: System) -> None:
    counted, blocked = Ref("counted"), OneOf(STATE, ("blocked",))
    apart = Binary("max", Binary("-", counted, Ref("stock")), Binary("-", Ref("stock"), counted))
    far = Compare(Binary("*", apart, num(100)), ">", Binary("*", Ref("stock"), num(5)))
    first = Every((Not(blocked), far))
    again = Every((blocked, Some((Compare(Ref("differed"), ">=", num(3)), Compare(counted, "!=", Ref("last"))))))
    third = Compare(Binary("+", Ref("differed"), num(1)), ">=", num(3))
    it.rules += [*needed("INV-08", COUNT, "counted"), *between("INV-08", COUNT, "counted", 0, 9999)]
    it.rules += [
        Check("INV-09", (COUNT,), first, "Please count again", target="blocked"),
        Check("INV-11", (COUNT,), Every((again, Not(third))), "Counts differ"),
        Check("INV-12", (COUNT,), Every((again, third)), "Call the supervisor"),
        Remember("INV-10", (COUNT,), "last", "set", counted, Some((first, again)), refused=True),
        Remember("INV-10", (COUNT,), "differed", "set", num(0), first, refused=True),
        Remember("INV-12", (COUNT,), "differed", "plus", num(1), again, refused=True),
        Remember("INV-08", (COUNT,), "stock", "set", counted),
        gives("INV-08", COUNT, counted),
        *_levels("2.2", COUNT, counted, Every(()), (*OPEN, "blocked")),
    ]


def _ordering(it: System) -> None:
    demand, lead = Ref("createItem:dailyDemand"), Ref("createItem:leadTimeDays")
    need = Binary("*", demand, Binary("+", lead, Ref("coverDays")))
    need = Binary("-", Binary("+", need, Ref("safety")), Ref("stock"))
    pieces = Rounded(Ref("needed"), "up", Decimal(12))
    price = Binary("*", Ref("pieces"), Ref("createItem:unitCost"))
    paid = Choose(
        (
            (Compare(Ref("pieces"), ">=", num(1800)), Binary("*", price, num("0.93"))),
            (Compare(Ref("pieces"), ">=", num(600)), Binary("*", price, num("0.96"))),
        ),
        price,
    )
    it.rules += [*needed("INV-13", ORDER, "coverDays"), *between("INV-13", ORDER, "coverDays", 1, 90)]
    it.rules += [
        gives("INV-14", ORDER, need, "needed"),
        gives("INV-15", ORDER, pieces, "pieces"),
        Check("INV-16", (ORDER,), OneOf(STATE, ("normal",)), "No order needed"),
        Check("INV-16", (ORDER,), Compare(Ref("needed"), "<=", num(0)), "No order needed"),
        Move("INV-13", (ORDER,), OPEN, SAME),
        gives("INV-17", ORDER, Rounded(paid, "near", Decimal("0.01"))),
    ]
