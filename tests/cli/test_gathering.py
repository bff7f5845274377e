"""Many of a kind are said once."""

from arraigo.cli.gathering import Gathered, gathered
from arraigo.move import Hindrance


def keyless(table: str) -> Hindrance:
    return Hindrance(f"{table} has no replica identity", "", f"give it a primary key, or leave out {table}")


def test_thirteen_tables_without_a_key_are_one_line_with_the_first_names() -> None:
    tables = [f"public.t{number}" for number in range(13)]
    [found] = gathered([keyless(table) for table in tables], tables)
    assert found.first == keyless("public.t0")
    assert found.likewise == "likewise public.t1, public.t2, public.t3 and 9 more (13 in all; --json names them)"


def test_a_few_are_said_in_full() -> None:
    tables = ["public.a", "public.b", "public.c"]
    assert gathered([keyless(table) for table in tables], tables) == [Gathered(keyless(table)) for table in tables]
    assert Gathered(keyless("public.a")).likewise == ""


def test_what_differs_in_its_reason_or_its_kind_is_not_said_together() -> None:
    def lost(kind: str, name: str, why: str) -> Hindrance:
        return Hindrance(f"{kind} {name}", why, f"do without it: --accept '{kind} {name}'")

    policies = [lost("policy", f"public.t p{number}", 'schema "auth" does not exist') for number in range(4)]
    others = [
        lost("trigger", "public.t x", 'schema "auth" does not exist'),
        lost("policy", "public.t other", "function auth.uid() does not exist"),
    ]
    found = gathered([policies[0], others[0], *policies[1:], others[1]])
    assert [one.first for one in found] == [policies[0], *others]
    assert found[0].others == tuple(one.what for one in policies[1:])
