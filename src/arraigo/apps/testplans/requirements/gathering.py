"""The blocks of a document to the statements in them: what is under which heading, list, table and id."""

from collections.abc import Sequence
from dataclasses import replace

from arraigo.apps.testplans.plan import Row
from arraigo.apps.testplans.requirements import tables
from arraigo.apps.testplans.requirements.asides import Asides
from arraigo.apps.testplans.requirements.blocks import Block, Heading, Item, Paragraph, Table
from arraigo.apps.testplans.requirements.drafts import Draft
from arraigo.apps.testplans.requirements.lists import lists_in, spoken
from arraigo.apps.testplans.requirements.mending import mended
from arraigo.apps.testplans.requirements.paragraphs import Lead, ordered, parted, whole_of
from arraigo.apps.testplans.requirements.sections import Sections, identified
from arraigo.apps.testplans.requirements.words import sections as parts
from arraigo.apps.testplans.requirements.words.marks import looks_like_a_title
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
            walk.paragraph(block, whole[at] if at < len(whole) else None)
        elif isinstance(block, Item):
            run = [block]
            while at < len(whole) and isinstance(following := whole[at], Item):
                run.append(following)
                at += 1
            walk.items(run)
        else:
            walk.table(block, whole[at] if at < len(whole) else None)
    walk.end_lead()
    return walk.asides.closed(walk.found), walk.sections.left_out


class _Walk:
    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.found: list[Draft] = []
        self.asides = Asides(sections)
        self._id = ""  # of the statement that paragraphs may go on with
        self._open = False  # that statement is the last one found
        self._lead: Lead | None = None
        self._caption = ""
        self._example = False
        self._tables = 0

    def heading(self, block: Heading) -> None:
        """Another section."""
        self.end_lead()
        self.sections.enter(block)
        self._id, self._open, self._caption, self._example = self.sections.id, False, "", False

    def paragraph(self, block: Paragraph, following: Block | None) -> None:
        """Sentences, of which the last one may lead to a list or a table."""
        if parts.is_caption(block.text) or (isinstance(following, Table) and looks_like_a_title(block.text)):
            self._caption = block.text
            return
        self.end_lead()
        identity, text = identified(block.text)
        self._example = parts.begins_an_example(text)
        if self._example or self.sections.part not in ("", "informative"):
            self._beside(text if self._example else block.text)
            return
        said, examples = parted(text)
        if identity:
            self._id, self._open = identity, False
        elif not self._open and not (said and depends(said[0])):  # after a list or a table of that statement
            self._id = self.sections.id
        self._lead = Lead.of(said, self._id, block, following)
        if identity or self._id:
            self._identified(said, block, fresh=bool(identity))
        else:
            self._sentences(said, block)
        for example in examples:
            self.asides.example(example, self.found)

    def _beside(self, text: str, row: Row | None = None) -> None:
        """What states nothing to be tried: an example, a term; what is not about the system is left out."""
        if self._example or self.sections.part == "example":
            self.asides.example(text, self.found, row)
        elif self.sections.part == "glossary":
            self.asides.tell(text, row)

    def _identified(self, said: Sequence[str], block: Paragraph, *, fresh: bool) -> None:
        """All of it is one statement with the paragraphs that go on with it."""
        before, text = ([], " ".join(said)) if fresh else whole_of(said)
        for one in before:
            self.asides.tell(one)
        if not text:
            return
        if self._open and not fresh:
            last = self.found[-1]
            self.found[-1] = replace(last, text=f"{last.text} {text}")
        else:
            self._add(self._id, text, block, stated=fresh)
            self._open = True

    def _sentences(self, said: Sequence[str], block: Paragraph) -> None:
        """Each one that states something; with it the ones that belong to it."""
        for text, counted in ordered(said, self._counts, joins=self.sections.part == "" and not self.sections.preamble):
            if counted:
                self._add("", text, block)
            else:
                self.asides.tell(text)

    def _counts(self, sentence: str) -> bool:
        said = strength(sentence)
        if said != "weak" or self.sections.preamble:
            return said == "strong"
        return self.sections.part == "" or has_figures(sentence)

    def items(self, run: Sequence[Item]) -> None:
        """Lists; only the first one may have a sentence that leads to it."""
        for one in lists_in(run):
            self._list(one)

    def _list(self, run: Sequence[Item]) -> None:
        """A list; each entry with the sentence that leads to it."""
        lead, self._lead = self._lead, None
        if self._example or self.sections.part not in ("", "informative"):
            for item in run:
                self._beside(item.text)
            return
        under = lead.id if lead else self._id
        entries = list(spoken(run, lead.text if lead else "", self._counts))
        if not any(lead and entry.counts and entry.lead.startswith(lead.text) for entry in entries):
            self._keep(lead, [entry.id or under for entry in entries if entry.counts])
        for entry in entries:
            if entry.counts:
                self._add(entry.id or under, entry.text, entry.item, stated=bool(entry.id), lead=entry.lead)
                self._id = entry.id or under
            elif entry.example:
                self.asides.example(entry.text, self.found)
            else:
                self.asides.tell(entry.text)
        if entries and entries[-1].leads:  # to a table
            self._lead = Lead(entries[-1].text, under, Paragraph(run[-1].text, run[-1].page, run[-1].line))
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
        example = self._example or part == "example" or parts.begins_an_example(caption)
        self._tables += 1
        told = tables.statements_of(heads, rows)
        under = lead.id if lead else self._id if self._open else self.sections.id
        counted = [one for one in told if not example and (part == "" or strength(one.text) == "strong")]
        if part in ("", "informative") and not example:
            self._keep(lead, [one.id or under for one in counted])
        else:
            counted = []
            self.end_lead()
        for one in told:
            row = Row(table=self._tables, title=caption, cells=one.cells) if one.cells else None
            if one in counted:
                place = Paragraph(one.text, one.page, one.line)
                self._add(one.id or under, one.text, place, row=row or Row(table=self._tables), stated=bool(one.id))
            elif example:
                self.asides.example(one.text, self.found, row)
            elif part in ("glossary", "informative"):
                self.asides.tell(one.text, row)
        self._open = False

    def end_lead(self) -> None:
        """A sentence that ended in a colon, and nothing followed."""
        lead, self._lead = self._lead, None
        if lead and (lead.id or strength(lead.text)):
            self._keep(lead, [])
        elif lead:
            self.asides.tell(lead.text)

    def _keep(self, lead: Lead | None, ids: Sequence[str]) -> None:
        """The sentence itself, where nothing of what it leads to has its id; else beside what it leads to."""
        if lead is None:
            return
        if (lead.id or not ids) and lead.id not in ids and not self._open:
            self._add(lead.id, f"{lead.text.rstrip(' :')}.", lead.block)
        else:
            self.asides.tell(lead.text)

    def _add(
        self,
        identity: str,
        text: str,
        place: Paragraph | Item,
        *,
        row: Row | None = None,
        stated: bool = False,
        lead: str = "",
    ) -> None:
        where = (self.sections.path, place.page, place.line)
        beside = self.asides.taken()
        self.found.append(Draft(identity, text, *where, stated, self.sections.id, row, lead, beside))
