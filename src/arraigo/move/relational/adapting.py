"""What of a schema must be said otherwise on the target: pure, from the facts of both sides."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from arraigo.move.relational.facts import Extension, Facts
from arraigo.move.relational.names import quoted, unquoted
from arraigo.move.relational.statements import Entry
from arraigo.move.reports import Transformation

# uuid-ossp's one function with a stand-in; the others make UUIDs of versions that the core does not.
_UUID = re.compile(r'(?:(?:"[^"]+"|\w+)\.)?uuid_generate_v4\(\)')
_UUID_STAND_IN = "gen_random_uuid()"
_MEMBER = r'(?<![\w."]){schema}\.(?P<member>"[^"]+"|\w+)'
_LZ4 = re.compile(r"^ALTER TABLE [^\n;]* ALTER COLUMN [^\n;]* SET COMPRESSION lz4;$", re.MULTILINE)
_COMPRESSED = re.compile(r" COMPRESSION lz4\b")
_OF_AN_EXTENSION = re.compile(r"COMMENT ON EXTENSION ")


@dataclass(frozen=True, slots=True)
class Adapted:
    """A schema for the target.

    Attributes:
        entries: What is to be made there.
        told: What differs from the source, and why.
        replaced: Texts of definitions, and what stands for them: patterns, for comparing both sides.
        extensions_left: Extensions that the target does without.
        dropped: Entries that stay behind with the platform that they belong to.
    """

    entries: list[Entry]
    told: list[Transformation]
    replaced: list[tuple[re.Pattern[str], str]] = field(default_factory=list)
    extensions_left: frozenset[str] = frozenset()
    dropped: list[Entry] = field(default_factory=list)

    def definition(self, text: str) -> str:
        """A definition of the source as it is on the target."""
        for pattern, stand_in in self.replaced:
            text = pattern.sub(stand_in, text)
        return text


def adapt(entries: Sequence[Entry], source: Facts, target: Facts, left: Sequence[str]) -> Adapted:
    """Say a source's schema as its target can take it.

    Args:
        entries: As the source has them.
        source: What the one server is.
        target: What the other is.
        left: The schemas that stay behind.
    """
    found = Adapted(list(entries), [])
    if source.lz4 and not target.lz4:
        found = _without_lz4(found)
    for extension in source.extensions.values():
        if extension.installed is not None:
            found = _with_extension(found, extension, target)
    kept: list[Entry] = []
    dropped: list[Entry] = []
    for entry in found.entries:
        if not _of_a_fence(entry):
            (dropped if _of_the_platform(entry, left) else kept).append(entry)
    told = list(found.told)
    told += [Transformation(f"{one.label} was left out", "it runs a function of a schema that stays behind", 1)
             for one in dropped]  # fmt: skip
    kept = [_tolerant(entry) for entry in kept if not _OF_AN_EXTENSION.match(entry.text)]
    schemas = _schemas_for_extensions(kept)
    return Adapted(_rights_first([*schemas, *kept]), told, found.replaced, found.extensions_left, dropped)


def _without_lz4(adapted: Adapted) -> Adapted:
    """How a value is compressed is the server's affair, not the value's."""
    count = 0
    entries = []
    for entry in adapted.entries:
        text, times = _LZ4.subn("", entry.text)
        entries.append(entry.with_text(text) if times else entry)
        count += times
    if not count:
        return adapted
    told = Transformation("columns are compressed as the target does it", "it was built without lz4", count)
    return Adapted(entries, [*adapted.told, told], [*adapted.replaced, (_COMPRESSED, "")])


def _with_extension(adapted: Adapted, extension: Extension, target: Facts) -> Adapted:
    there = target.extensions.get(extension.name)
    if there is None:
        return _without_extension(adapted, extension)
    if there.schema in {None, extension.schema} or extension.schema == "pg_catalog":
        return adapted
    # It is there already, in another schema: its members go by another name.
    pattern = re.compile(_MEMBER.format(schema=re.escape(quoted(extension.schema or ""))))
    home = quoted(there.schema or "")

    def renamed(match: re.Match[str]) -> str:
        return f"{home}.{match['member']}" if unquoted(match["member"]) in there.members else match[0]

    entries = [
        entry if entry.kind in {"EXTENSION", "COMMENT"} else entry.with_text(pattern.sub(renamed, entry.text))
        for entry in adapted.entries
    ]
    members = "|".join(re.escape(quoted(name)) for name in sorted(there.members, key=len, reverse=True))
    exact = re.compile(rf'(?<![\w."]){re.escape(quoted(extension.schema or ""))}\.(?P<member>{members})(?![\w"])')
    told = Transformation(
        f"the extension {extension.name} is in schema {there.schema}, not {extension.schema}",
        "the target has it there already",
        1,
    )
    return Adapted(
        entries, [*adapted.told, told], [*adapted.replaced, (exact, rf"{home}.\g<member>")], adapted.extensions_left
    )


def _without_extension(adapted: Adapted, extension: Extension) -> Adapted:
    """The target does not offer it: its own entries go; what needs it fails in the rehearsal, and is named there."""
    entries = [entry for entry in adapted.entries if not (entry.kind == "EXTENSION" and entry.name == extension.name)]
    told = Transformation(f"the extension {extension.name} was left out", "the target does not offer it", 1)
    left = adapted.extensions_left | {extension.name}
    if extension.name != "uuid-ossp":
        return Adapted(entries, [*adapted.told, told], adapted.replaced, left)
    count: Counter[str] = Counter()
    for place, entry in enumerate(entries):
        text, times = _UUID.subn(_UUID_STAND_IN, entry.text)
        if times:
            entries[place], count["times"] = entry.with_text(text), count["times"] + times
    told = Transformation(
        "uuid_generate_v4() became gen_random_uuid()",
        "the target does not offer the extension uuid-ossp; both make random UUIDs of version 4",
        count["times"],
    )
    return Adapted(entries, [*adapted.told, told], [*adapted.replaced, (_UUID, _UUID_STAND_IN)], left)


def _rights_first(entries: Sequence[Entry]) -> list[Entry]:
    """Who may create in a schema is said before anything is given to them: an owner needs that right."""
    rights = [entry for entry in entries if entry.kind == "ACL" and entry.name.startswith("SCHEMA ")]
    others = [entry for entry in entries if entry not in rights]
    place = max((number for number, entry in enumerate(others, 1) if entry.kind == "SCHEMA"), default=0)
    return [*others[:place], *(replace(entry, after_data=False) for entry in rights), *others[place:]]


def _of_a_fence(entry: Entry) -> bool:
    """What another run of ours left on a server that it closed."""
    return entry.kind == "TRIGGER" and "EXECUTE FUNCTION arraigo_fence." in entry.text


def _of_the_platform(entry: Entry, left: Sequence[str]) -> bool:
    """An event trigger that runs a function of a schema that stays behind."""
    if entry.kind != "EVENT TRIGGER":
        return False
    return any(f"EXECUTE FUNCTION {quoted(name)}." in entry.text for name in left)


def _tolerant(entry: Entry) -> Entry:
    if entry.kind == "SCHEMA":
        return entry.with_text(re.sub(r"^CREATE SCHEMA (?!IF NOT)", "CREATE SCHEMA IF NOT EXISTS ", entry.text))
    return entry


def _schemas_for_extensions(entries: Sequence[Entry]) -> list[Entry]:
    """The schemas that extensions go into and that nobody makes."""
    made = {entry.name for entry in entries if entry.kind == "SCHEMA"}
    wanted = [re.search(r" WITH SCHEMA ([^;]+);", entry.text) for entry in entries if entry.kind == "EXTENSION"]
    names = {match[1] for match in wanted if match} - {"pg_catalog", "public"}
    return [
        Entry("SCHEMA", "", unquoted(name), f"CREATE SCHEMA IF NOT EXISTS {name};")
        for name in sorted(names)
        if unquoted(name) not in made
    ]
