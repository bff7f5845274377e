"""Who owns and who may do what, as text: the owner's own implicit rights are not told, what they lack is."""

from typing import Any

from arraigo.move.relational.names import label, quoted

_DEFAULTS = {"r": "tables", "S": "sequences", "f": "functions", "T": "types", "n": "schemas", "L": "large objects"}


def grants(rows: list[Any]) -> dict[str, str]:
    """`public.registrations owner`: role, and `public.registrations to anon`: privileges, `*` with grant option."""
    found: dict[str, str] = {}
    owners: dict[str, tuple[str, str]] = {}
    for row in rows:
        name = _object(row)
        privileges = _privileges(row) if row.grantee else ""
        if row.kind != "c":
            owners.setdefault(name, (quoted(row.owner), "nothing"))
        if row.is_owner:
            owners[name] = (quoted(row.owner), privileges)
        elif row.grantee:
            found[f"{name} to {_role(row.grantee)}"] = privileges
    for name, (owner, privileges) in owners.items():
        found[f"{name} owner"] = owner if privileges == "ALL" else f"{owner} with {privileges}"
    return found


def default_grants(rows: list[Any]) -> dict[str, str]:
    """`default for postgres in public on tables to anon`: privileges."""
    return {
        f"default for {quoted(row.owner)}{f' in {quoted(row.schema)}' if row.schema else ''}"
        f" on {_DEFAULTS[row.kind]} to {_role(row.grantee)}": _privileges(row)
        for row in rows
    }


def _object(row: Any) -> str:
    name = label(*row.object)
    if row.kind in {"c", "f"}:
        return f"{name}({quoted(row.detail) if row.kind == 'c' else row.detail})"
    return {"T": "type ", "n": "schema "}.get(row.kind, "") + name


def _role(name: str) -> str:
    return name if name == "PUBLIC" else quoted(name)


def _privileges(row: Any) -> str:
    """Every privilege that its server knows for such an object is ALL: 17 knows one more than 16."""
    grantable = set(row.grantable or ())
    if len(row.privileges) >= row.every and len(grantable) in {0, len(row.privileges)}:
        return "ALL WITH GRANT OPTION" if grantable else "ALL"
    return ", ".join(name + "*" * (name in grantable) for name in row.privileges)
