"""PDF, DOCX, XLSX, Markdown, text and HTML to numbered, testable requirements with their place.

A document goes three ways, each of them pure: `reading` makes blocks (headings, paragraphs, items, tables) of bytes,
`words` makes each block's text plain (LaTeX, mistakes of extraction), and `gathering` finds the statements.
"""

from arraigo.apps.testplans.requirements.extracting import extract

__all__ = ["extract"]
