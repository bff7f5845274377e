"""Any JSON, as text: with digits, dates and orders of keys that a program in another language may write."""

import json
from typing import Any

from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
DATES = st.sampled_from(
    [
        *('"2025-01-27T10:11:12.123456"', '"2025-01-27"', '"2025-01-27T10:11:12Z"', '"2025-01-27 10:11:12.5+02:00"'),
        *('"2025-01-27T10:11:12.1234567Z"', "1737972672", "1737972672123", "1737972672.50", '"2025-01-27T10:11:12"'),
    ]
)
NUMBERS = st.sampled_from(["0", "-0", "1.0", "1.00", "1e2", "-0.0", "9" * 60, "2.5E-3"])
NAMES = TEXTS.map(json.dumps)
NULL = st.just("null")


def written(members: dict[str, str]) -> str:
    """An object, from its names and its values, all of them JSON already."""
    return "{" + ",".join(f"{name}:{value}" for name, value in members.items()) + "}"


ANYTHING = st.recursive(
    st.sampled_from(["null", "true", "false"]) | NUMBERS | NAMES,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | st.dictionaries(NAMES, inner, max_size=3).map(written)
    ),
    max_leaves=6,
)


@st.composite
def objects(draw: st.DrawFn, required: dict[str, Any], optional: dict[str, Any]) -> str:
    """An object with these members, some left out, others thrown in, in any order."""
    members = {f'"{name}"': draw(strategy) for name, strategy in required.items()}
    members |= {f'"{name}"': draw(strategy) for name, strategy in optional.items() if draw(st.booleans())}
    known = {f'"{name}"' for name in (*required, *optional)}
    others = draw(st.dictionaries(NAMES.filter(lambda name: name not in known), ANYTHING, max_size=2))
    members = others | members
    names = draw(st.permutations(list(members))) if draw(st.booleans()) else list(members)
    return written({name: members[name] for name in names})
