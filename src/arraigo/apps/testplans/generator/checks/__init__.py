"""Cases in words, without a script, for requirements that people try: what to do, with which data, what has to come."""

from arraigo.apps.testplans.generator.checks.making import checks, refuses
from arraigo.apps.testplans.generator.checks.mixing import with_words

__all__ = ["checks", "refuses", "with_words"]
