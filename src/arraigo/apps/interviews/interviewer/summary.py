"""What an interview came to, in the words of who was asked: every quotation stands in the message of its number."""

import re
from collections.abc import Iterable, Sequence

from arraigo.apps.interviews.interview import Language, Said
from arraigo.apps.interviews.interviewer import wording
from arraigo.apps.interviews.interviewer.reading import signs
from arraigo.apps.interviews.interviewer.reading.handles import Handle, handles
from arraigo.apps.interviews.interviewer.reading.substance import content
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, plain, sentences
from arraigo.apps.interviews.interviewer.types import Chapter, Point, Quote, Situation, Summary, Topic

_POINTS = 5  # of a topic
_QUOTED = 280  # characters of a quotation
_FEWEST = 2  # words of substance in a sentence that is quoted
_TELLING = ("wish", "pain", "tool", "task", "duration", "number", "frequency", "people")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&$@]|:(?=//)|(?<=www)\.)")  # what Markdown would make something of


def write(situation: Situation) -> Summary:
    """The summary that needs no model: per topic, the sentences that say most, as they were said."""
    return render(situation, [_chapter(situation, topic) for topic in situation.plan.topics], "offline")


def check(situation: Situation, given: Summary) -> Summary:
    """Somebody's summary, as far as it holds: a quotation that was not said goes, and a point without one goes with it.

    Outcomes and titles are the interview's own; a topic of which nothing holds is summed up by rule.
    """
    by_number = {message.number: message for message in situation.messages}
    chapters = []
    for topic in situation.plan.topics:
        points = [point for one in given.chapters if one.topic == topic.id for point in one.points]
        held = tuple(point for point in (_held(point, by_number) for point in points) if point)
        own = _chapter(situation, topic)
        refused = own.outcome == "refused"
        chapters.append(own.model_copy(update={"points": held}) if held and not refused else own)
    return render(situation, chapters, given.written_by)


def render(situation: Situation, chapters: Sequence[Chapter], written_by: str) -> Summary:
    """The text of these chapters."""
    language = situation.language
    blocks = [f"# {wording.summary(language, 'title')}", wording.summary(language, "preface")]
    for chapter in chapters:
        blocks.append(f"## {escaped(chapter.title)}")
        if chapter.points:
            blocks.append("\n".join(_line(point, language) for point in chapter.points))
        if remark := _remark(chapter, language):
            blocks.append(remark)
    return Summary(language=language, text="\n\n".join(blocks) + "\n", chapters=tuple(chapters), written_by=written_by)


def escaped(text: str) -> str:
    """A text that stays text in Markdown, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _chapter(situation: Situation, topic: Topic) -> Chapter:
    state = situation.state
    outcome = state.outcomes.get(topic.id, "cut")
    numbers = state.answers.get(topic.id, ()) if outcome != "refused" else ()
    said = [message for message in situation.messages if message.number in numbers and message.role == "user"]
    points = tuple(_points(said, situation.language))
    return Chapter(topic=topic.id, title=topic.title[situation.language], outcome=outcome, points=points)


def _points(said: Iterable[Said], language: Language) -> Iterable[Point]:
    """The sentences that say most, in the order in which they were said."""
    found: list[tuple[int, int, str, Handle | None]] = []
    for message in said:
        text = message.content[:LONGEST]
        if signs.orders(text):
            continue
        refused = set(signs.refusals(text))
        for start, end in sentences(text):
            sentence = text[start:end]
            if sentence in refused or signs.empty(sentence):
                continue
            grips = sorted(handles(sentence), key=_rank)
            weight = len(content(sentence)) + 3 * len(grips)
            if len(content(sentence)) >= _FEWEST or (grips and grips[0].kind in _TELLING) or len(text) == len(sentence):
                found.append((weight, message.number, sentence, grips[0] if grips else None))
    best = sorted(range(len(found)), key=lambda at: -found[at][0])[:_POINTS]
    done: set[str] = set()
    for at in sorted(best):
        _, number, sentence, grip = found[at]
        if plain(sentence) not in done:
            done.add(plain(sentence))
            text = wording.lead(language, grip.kind if grip else "remark")
            yield Point(text=text, quotes=(Quote(sequence_number=number, text=_short(sentence)),))


def _rank(handle: Handle) -> int:
    return _TELLING.index(handle.kind) if handle.kind in _TELLING else len(_TELLING)


def _short(sentence: str) -> str:
    if len(sentence) <= _QUOTED:
        return sentence
    return sentence[:_QUOTED].rsplit(" ", 1)[0].rstrip()


def _held(point: Point, by_number: dict[int, Said]) -> Point | None:
    quotes = tuple(quote for quote in point.quotes if _was_said(quote, by_number.get(quote.sequence_number)))
    return point.model_copy(update={"quotes": quotes}) if quotes and point.text.strip() else None


def _was_said(quote: Quote, message: Said | None) -> bool:
    if message is None or message.role != "user" or not quote.text.strip():
        return False
    return quote.text in message.content and not signs.orders(message.content)


def _line(point: Point, language: Language) -> str:
    quotes = ", ".join(
        f"{wording.quoted(language, escaped(quote.text))} [{quote.sequence_number}]" for quote in point.quotes
    )
    return f"- {escaped(point.text)}: {quotes}"


def _remark(chapter: Chapter, language: Language) -> str:
    if chapter.outcome == "cut":
        return wording.summary(language, "cut_short" if chapter.points else "cut")
    if chapter.outcome == "answered":
        return "" if chapter.points else wording.summary(language, "answered")
    return wording.summary(language, chapter.outcome)
