"""Conditions in a clause: comparisons, ranges, lists of values, flags and states, joined by and or or."""

from arraigo.apps.testplans.generator.understand.atoms import Atom, Reading
from arraigo.apps.testplans.generator.understand.names import Mention
from arraigo.apps.testplans.generator.understand.scan import Scan
from arraigo.apps.testplans.generator.understand.vocabulary import Vocabulary
from arraigo.apps.testplans.generator.words import Token


class Conditions(Vocabulary):
    """Reads clauses with one vocabulary."""

    def read(
        self,
        tokens: list[Token],
        fields: tuple[str, ...] | None = None,
        subject: Mention | None = None,
        *,
        equal: bool = True,
    ) -> Reading:
        """All comparisons of a clause; `equal`: "the age is 18" is one too (in a condition, not in a price)."""
        return Scan(self, tokens, fields, subject, equal=equal).run()


__all__ = ["Atom", "Conditions", "Reading"]
