"""The blocks of a document to the statements in them: what is under which heading, list, table and id."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from arraigo.apps.testplans.requirements import tables
from arraigo.apps.testplans.requirements.blocks import Block, Heading, Item, Paragraph, Table
from arraigo.apps.testplans.requirements.drafts import Draft
from arraigo.apps.testplans.requirements.lists import lists_in, spoken
from arraigo.apps.testplans.requirements.mending import mended
from arraigo.apps.testplans.requirements.sections import Sections, identified
from arraigo.apps.testplans.requirements.words import sections as parts
from arraigo.apps.testplans.requirements.words.sentences import sentences_of
from arraigo.apps.testplans.requirements.words.statements import depends, has_figures, strength


def drafts_of(blocks: Sequence[Block]) -> tuple[list[Draft], list[str]]:
    """The statements in the order of the document, and the headings of the sections that were left out."""
    whole = tables.whole(mended(blocks))
    walk = _Walk(Sections(whole))
    at = 0
    while at < len(whole):
        block = whole[at]
        at += 1
        if isinstance(block, Heading):
            walk.heading(block)
        elif isinstance(block, Paragraph):
            walk.paragraph(block)
        elif isinstance(block, Item):
            run = [block]
            while at < len(whole) and isinstance(following := whole[at], Item):
                run.append(following)
                at += 1
            walk.items(run)
        else:
            walk.table(block, whole[at] if at < len(whole) else None)
    walk.end_lead()
    return walk.found, walk.sections.left_out


_Lead: TypeAlias = tuple[str, str, Paragraph]  # a sentence that ends in a colon, its id, where it is


class _Walk:
    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.found: list[Draft] = []
        self._id = ""  # of the statement that paragraphs may go on with
        self._open = False  # that statement is the last one found
        self._lead: _Lead | None = None
        self._caption = ""
        self._example = False

    def heading(self, block: Heading) -> None:
        """Another section."""
        self.end_lead()
        self.sections.enter(block)
        self._id, self._open, self._caption, self._example = self.sections.id, False, "", False

    def paragraph(self, block: Paragraph) -> None:
        """Sentences, of which the last one may lead to a list or a table."""
        if parts.is_caption(block.text):
            self._caption = block.text
            return
        self.end_lead()
        self._example = False
        if self.sections.part not in ("", "informative"):
            return
        identity, text = identified(block.text)
        if parts.begins_an_example(text):
            self._example = True
            return
        said = [one for one in sentences_of(text) if not parts.begins_an_example(one)]
        if identity:
            self._id, self._open = identity, False
        elif not self._open and not (said and depends(said[0])):  # after a list or a table of that statement
            self._id = self.sections.id
        if said and said[-1].endswith(":"):
            self._lead = (said.pop(), self._id, block)
        if identity or self._id:
            self._identified(said, block, fresh=bool(identity))
        else:
            self._sentences(said, block)

    def _identified(self, said: Sequence[str], block: Paragraph, *, fresh: bool) -> None:
        """All of it is one statement with the paragraphs that go on with it."""
        text = " ".join(one for one in said if fresh or strength(one) or depends(one))
        if not text:
            return
        if self._open and not fresh:
            last = self.found[-1]
            self.found[-1] = replace(last, text=f"{last.text} {text}")
        else:
            self._add(self._id, text, block, stated=fresh)
            self._open = True

    def _sentences(self, said: Sequence[str], block: Paragraph) -> None:
        """Each one that states something; with it the ones that cannot be understood without it."""
        attached = False
        for sentence in said:
            if attached and depends(sentence) and strength(sentence):
                last = self.found[-1]
                self.found[-1] = replace(last, text=f"{last.text} {sentence}")
            elif self._counts(sentence):
                self._add("", sentence, block)
                attached = True
            else:
                attached = False

    def _counts(self, sentence: str) -> bool:
        said = strength(sentence)
        return said == "strong" or (said == "weak" and (self.sections.part == "" or has_figures(sentence)))

    def items(self, run: Sequence[Item]) -> None:
        """Lists; only the first one may have a sentence that leads to it."""
        for one in lists_in(run):
            self._list(one)

    def _list(self, run: Sequence[Item]) -> None:
        """A list; each entry with the sentence that leads to it."""
        lead, self._lead = self._lead, None
        if self._example or self.sections.part not in ("", "informative"):
            return
        under = lead[1] if lead else self._id
        start = len(self.found)
        for item, text, identity in spoken(run, lead[0] if lead else "", self._counts):
            self._add(identity or under, text, item, stated=bool(identity))
            self._id = identity or under
        self._keep(lead, start)
        self._open = False

    def table(self, block: Table, following: Block | None) -> None:
        """A table, each row a statement: what leads to it says too little of a single one to be with each."""
        lead, self._lead = self._lead, None
        caption, self._caption = self._caption, ""
        if not caption and isinstance(following, Paragraph) and parts.is_caption(following.text):
            caption = following.text
        caption = parts.uncaptioned(caption)
        heads, rows = tables.heads_of(block)
        part = self.sections.part or parts.part_of_table(heads) or parts.part_of(caption)
        if self._example or part not in ("", "informative") or parts.begins_an_example(caption):
            return
        start = len(self.found)
        under = lead[1] if lead else self._id if self._open else self.sections.id
        for told in tables.statements_of(heads, rows):
            if part == "" or strength(told.text) == "strong":
                place = Paragraph(told.text, told.page, told.line)
                self._add(told.id or under, told.text, place, row=True, stated=bool(told.id))
        self._keep(lead, start)
        self._open = False

    def end_lead(self) -> None:
        """A sentence that ended in a colon, and nothing followed."""
        lead, self._lead = self._lead, None
        if lead and (lead[1] or strength(lead[0])):
            self._keep(lead, len(self.found))

    def _keep(self, lead: _Lead | None, start: int) -> None:
        """The sentence itself, where nothing of what it leads to has its id."""
        if lead and (lead[1] or len(self.found) == start) and lead[1] not in {one.id for one in self.found[start:]}:
            text, identity, block = lead
            if not self._open:
                draft = Draft(identity, f"{text.rstrip(' :')}.", self.sections.path, block.page, block.line)
                self.found.insert(start, draft)

    def _add(
        self, identity: str, text: str, place: Paragraph | Item, *, row: bool = False, stated: bool = False
    ) -> None:
        self.found.append(Draft(identity, text, self.sections.path, place.page, place.line, row, stated))
