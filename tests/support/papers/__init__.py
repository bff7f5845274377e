"""Two made-up requirements documents, Spanish and English, in every format a person may send one in.

Each holds what real ones hold: a cover, a table of contents with dots, revision histories, headers and page numbers
that repeat, tables that a page break cuts, LaTeX, letters in the place of digits, examples, a glossary.
"""

from support.papers.english import ENGLISH
from support.papers.parts import Paper
from support.papers.spanish import SPANISH

__all__ = ["ENGLISH", "SPANISH", "Paper"]
