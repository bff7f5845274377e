"""Whether a clause tells what is computed, or what may be entered."""

from arraigo.apps.testplans.generator.lexicon import COMPUTING, has
from arraigo.apps.testplans.generator.model import VALUE, Compare, Condition, Every, Ref
from arraigo.apps.testplans.generator.understand.atoms import Atom, Reading
from arraigo.apps.testplans.generator.understand.clauses import words
from arraigo.apps.testplans.generator.understand.names import Names
from arraigo.apps.testplans.generator.understand.values.money import MONEY_WORDS
from arraigo.apps.testplans.generator.understand.values.rounding import rounding
from arraigo.apps.testplans.generator.words import Token


def computes(main: list[Token], body: Reading, names: Names) -> bool:
    """Whether a clause states an amount, a formula or rounding, and no comparison with what is entered."""
    mentions = names.mentions(main)
    priced = bool({token.stem for token in main} & MONEY_WORDS) or any(m.sort == "quantity" for m in mentions)
    loose = [i for i in body.loose if main[i].value is not None]
    if loose and (priced or any(main[i].unit in {"$", "%"} for i in loose)):
        return True
    if rounding(main) is not None and not any(atom.subject in names.system.fields for atom in body.atoms):
        return True
    return priced and has(words(main), COMPUTING) and not body.atoms


def bounds_a_value(atom: Atom, names: Names) -> bool:
    """For "the fine never exceeds 20": a bound on what is computed, not a refusal."""
    condition = atom.condition
    bounds = condition.parts if isinstance(condition, Every) else (condition,)
    return bool(bounds) and all(_bounds(one, names) for one in bounds)


def _bounds(condition: Condition, names: Names) -> bool:
    if not isinstance(condition, Compare) or not isinstance(condition.left, Ref):
        return False
    name = condition.left.name
    return name not in names.system.fields and name not in names.kept and (name in names.quantities or name == VALUE)
