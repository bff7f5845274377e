"""What an unread refusal makes unsure: where the value that it names is given, nobody knows whether it is taken."""

from arraigo.apps.testplans.generator.lexicon import REFUSE, has
from arraigo.apps.testplans.generator.model import Barred, Check, Missing, OneOf, Rule, Vague
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.words import Token, tokens
from arraigo.apps.testplans.plan import Requirement


def unsure(requirement: Requirement, text: str, rules: list[Rule], names: Names) -> list[Rule]:
    """For "up to 3 pianos per order. Notice: «Too many pianos»" that no rule came of: pianos are not sure."""
    read = [
        rule
        for rule in rules
        if isinstance(rule, (Check, Barred)) and not isinstance(getattr(rule, "when", None), Missing)
    ]
    if read or not text:
        return []
    found = tokens(text, requirement.language)
    said = any(_message(token) for token in found) or has(words(found), REFUSE)
    named = {m.name: m.value for m in names.mentions(found) if m.sort == "value" and m.name in names.system.fields}
    if not said or len(named) != 1:
        return []
    name, value = named.popitem()
    holders = tuple(one for one, own in names.system.operations.items() if name in own)
    return [Vague(requirement.id, holders, frozenset({"accepted"}), OneOf(name, (value,)))]


def _message(token: Token) -> bool:
    return token.kind == "quote" and " " in token.raw and token.raw[:1].isupper()
