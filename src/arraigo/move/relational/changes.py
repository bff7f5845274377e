"""What is meant to differ on the target, applied to the source's catalog before the two are compared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from arraigo.move.relational.catalog import Catalog
from arraigo.move.relational.definitions import Definitions
from arraigo.move.relational.names import quoted

_GRANT = re.compile(r'(?P<object>.*) to (?P<role>"(?:[^"]|"")+"|\S+)', re.DOTALL)
_DEFAULT = re.compile(r'default for (?P<role>"(?:[^"]|"")+"|\S+)(?P<rest> .*)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is meant to differ.

    Attributes:
        tables: Labels of tables that are left out, with whatever is on them or refers to them by a foreign key.
        dropped: Checks' names, each with the name of an object that is left out.
        extensions: Extensions that the target does without.
        replaced: Patterns of text in definitions and names, and what stands for it on the target.
        roles: By the source's name, that of the target's role that stands for it; "" where nothing does. Grants to such
            a role are left out; a policy for none but such roles is `dropped`, or it is compared as it is.
        owner: Who owns everything on the target, or "" where owners are mapped as other roles are.
    """

    tables: frozenset[str] = frozenset()
    dropped: frozenset[tuple[str, str]] = frozenset()
    extensions: frozenset[str] = frozenset()
    replaced: tuple[tuple[re.Pattern[str], str], ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""

    def applied(self, catalog: Catalog) -> Catalog:
        """The source's catalog as the target's shall be."""
        left = catalog if not self.tables else self._without_tables(catalog)
        objects = {
            check: {
                self._text(name): self._text(text)
                for name, text in names.items()
                if (check, name) not in self.dropped and not (check == "extensions" and name in self.extensions)
            }
            for check, names in left.objects.items()
        }
        objects["grants"] = self._grants(objects.get("grants", {}))
        objects["policies"] = {name: self._policy(text) for name, text in objects.get("policies", {}).items()}
        pieces = {
            (check, self._text(name)): tuple(replace(piece, text=self._text(piece.text)) for piece in found)
            for (check, name), found in left.pieces.items()
        }
        return replace(
            left,
            objects=objects,
            pieces={key: found for key, found in pieces.items() if key[1] in objects[key[0]]},
            foreign_keys=tuple(
                k for k in left.foreign_keys if f"{k.table}.{quoted(k.name)}" in objects["foreign_keys"]
            ),
            sequences={name: found for name, found in left.sequences.items() if name in objects["sequences"]},
            extensions={name: v for name, v in left.extensions.items() if name in objects["extensions"]},
        )

    def _text(self, text: str) -> str:
        for pattern, stand_in in self.replaced:
            text = pattern.sub(stand_in, text)
        return text

    def _without_tables(self, catalog: Catalog) -> Catalog:
        prefixes = tuple(f"{table}." for table in self.tables)
        owned = {s.name for s in catalog.sequences.values() if s.owned_by.startswith(prefixes)}
        referring = {f"{k.table}.{quoted(k.name)}" for k in catalog.foreign_keys if k.references in self.tables}
        gone = self.tables | owned | referring
        indexes = {
            name
            for name in catalog.objects["indexes"]
            for piece in catalog.pieces.get(("indexes", name), ())
            if f"{quoted(piece.schema)}.{quoted(piece.name)}" in self.tables
        }

        def kept(check: str, name: str, text: str) -> bool:
            if check == "indexes":
                left_out = name in indexes or text.endswith(tuple(f" FROM {table}" for table in self.tables))
            elif check == "grants":
                name = name.removesuffix(" owner") if name.endswith(" owner") else name.rpartition(" to ")[0]
                left_out = name in gone or name.startswith(tuple(f"{table}(" for table in self.tables))
            else:
                name = name.removeprefix("rule ")
                left_out = name in gone or name.startswith(prefixes)
            return not left_out

        objects: Definitions = {
            check: {name: text for name, text in names.items() if kept(check, name, text)}
            for check, names in catalog.objects.items()
        }
        tables = {name: table for name, table in catalog.tables.items() if name not in self.tables}
        return replace(catalog, tables=tables, objects=objects)

    def _grants(self, grants: Mapping[str, str]) -> dict[str, str]:
        """Roles by their names on the target; what the new owner has been granted is the owner's own."""
        found: dict[str, str] = {}
        owners: dict[str, str] = {}
        for name, text in grants.items():
            if name.endswith(" owner"):
                owner, with_, less = text.partition(" with ")
                owners[name.removesuffix(" owner")] = owner = quoted(self.owner) if self.owner else self._role(owner)
                found[name] = owner + with_ + less
        for name, text in grants.items():
            match = _GRANT.fullmatch(name)
            if match is None:
                continue
            object_, role = match["object"], self._role(match["role"])
            if by_default := _DEFAULT.fullmatch(object_):
                owner = self._role(by_default["role"])
                object_ = f"default for {owner}{by_default['rest']}" if owner else ""
            if role and object_ and owners.get(object_) != role:
                found[f"{object_} to {role}"] = text
        return found

    def _policy(self, text: str) -> str:
        lines = text.split("\n")
        roles = re.findall(r'"(?:[^"]|"")+"|[^\s,]+', lines[1].removeprefix("to "))
        mapped = sorted({named for role in roles if (named := self._role(role))})
        return "\n".join([lines[0], f"to {', '.join(mapped or roles)}", *lines[2:]])

    def _role(self, name: str) -> str:
        """A role as SQL has it, to a role as SQL has it, or "" for none."""
        bare = name[1:-1].replace('""', '"') if name.startswith('"') else name
        to = self.roles.get(bare, bare) if name != "PUBLIC" else name
        return to if to in {"", "PUBLIC"} else quoted(to)
