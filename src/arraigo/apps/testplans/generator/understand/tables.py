"""Rows of tables, as "Head: cell; Head: cell": fields with their limits, decision tables, tables of transitions."""

import re

from arraigo.apps.testplans.generator.lexicon import FILLERS, REFUSE, has
from arraigo.apps.testplans.generator.model import (
    Rule,
    System,
)
from arraigo.apps.testplans.generator.understand.clauses import key, quoted
from arraigo.apps.testplans.generator.understand.conditions import Conditions
from arraigo.apps.testplans.generator.understand.fields import add_state, learn
from arraigo.apps.testplans.generator.understand.lifecycle import rows
from arraigo.apps.testplans.generator.understand.names import Mention, Names
from arraigo.apps.testplans.generator.understand.scope import Scopes
from arraigo.apps.testplans.generator.words import fold, tokens
from arraigo.apps.testplans.plan import Language, Requirement

Row = dict[str, str]
_HEADS = {
    "field": r"(nombre del )?(campo|field|dato|parametro|parameter|attribute|atributo|variable|input|"
    r"entrada)s?( name)?",
    "from": r"(estado )?(actual|origen|inicial|de|desde|previo)|(current|initial|source|from|start|"
    r"present) ?(state|status)?|state|status|estado|from|si esta en",
    "to": r"(estado )?(siguiente|nuevo|destino|final|resultante|a|hasta|posterior)|nuevo estado|"
    r"(next|new|target|to|final|resulting|end) ?(state|status)?|to",
    "event": r"(operacion|operation|accion|action|evento|event|trigger|disparador|transicion|transition|command|orden)",
    "message": r"(mensaje|message|texto|error|error message|mensaje de error|notice|aviso)( de error)?|"
    r"respuesta|response",
    "decision": r"(resultado|result|decision|accepted|aceptado|se acepta|allowed|permitido|permitida|"
    r"outcome|aprobado|approved|valid|valido)",
    "initial": r"",
    "skip": r"(id|#|no|n|num|ref|codigo|requisito|requirement|prioridad|priority|notas?|notes?|"
    r"comentarios?|ejemplo|example)",
}
_MIN = re.compile(r"(valor )?(min|minimo|minimum|desde|from|lower)\b.*|lower limit|limite inferior")
_MAX = re.compile(r"(valor )?(max|maximo|maximum|hasta|upper|to)\b.*|upper limit|limite superior")
_WRAPPERS = frozenset(
    ("range rango band tramo type tipo si if level nivel when cuando es is has the number numero").split()
)
ANY = frozenset(
    {
        "",
        "-",
        "—",
        "–",
        "*",
        "any",
        "cualquiera",
        "todos",
        "todas",
        "all",
        "n/a",
        "indiferente",
        "cualquier",
        "no aplica",
        "either",
        "none",
        "ninguno",
        "ninguna",
    }
)
YES = frozenset({"si", "yes", "true", "y", "s", "x", "verdadero", "✓", "✔"})
NO = frozenset({"no", "false", "n", "falso", "✗", "✘"})


_PREFACE = re.compile(r"^[^:;]{40,}:\s+(?=[^:;]{1,60}:\s)")


def row(text: str) -> Row | None:
    """The cells of a row by their heads; None where the text is no row."""
    text = _PREFACE.sub("", text)
    pieces = re.split(r";\s+(?=[^;:]{1,60}:(?:\s|$))", text.strip().rstrip("."))
    if len(pieces) < 2:
        return None
    cells: Row = {}
    for piece in pieces:
        head, colon, cell = piece.partition(":")
        if not colon or not head.strip() or len(head.split()) > 7:
            return None
        cells[head.strip()] = cell.strip()
    return cells


def sort(head: str) -> str:
    """What a column is by its head: field, from, to, event, message, decision, skip, or nothing of these."""
    plain = re.sub(r"\(.*?\)", "", key(head)).strip()
    return next((name for name, pattern in _HEADS.items() if pattern and re.fullmatch(pattern, plain)), "")


class Tables:
    """Reads rows; the first pass learns values and states from them, the second makes rules."""

    def __init__(self, system: System, names: Names, conditions: Conditions, scopes: Scopes) -> None:
        self.system, self.names, self.conditions, self.scopes = system, names, conditions, scopes

    def field_of(self, head: str, language: Language) -> Mention | None:
        """The field that a head names."""
        found = [t for t in tokens(re.sub(r"\(.*?\)", "", head), language) if t.text not in _WRAPPERS | FILLERS]
        mention = next((m for m in self.names.mentions(found) if m.sort == "field"), None)
        if mention is None or (mention.end - mention.start) / max(1, len(found)) < 0.6:
            return None
        return mention

    def _columns(self, cells: Row, language: Language) -> dict[str, Mention]:
        """The field of each head; where two heads mean one field, the nearer one."""
        found = {head: m for head in cells if (m := self.field_of(head, language)) is not None}
        return {
            head: m
            for head, m in found.items()
            if all(o is m or o.name != m.name or o.score <= m.score for o in found.values())
        }

    def learn(self, cells: Row, language: Language) -> None:
        """Learn values of closed lists, states and computed quantities."""
        sorts = {head: sort(head) for head in cells}
        if "field" in sorts.values():
            return
        moving = "to" in sorts.values() and ("event" in sorts.values() or "from" in sorts.values())
        columns = self._columns(cells, language)
        for head, cell in cells.items():
            if moving and sorts[head] in {"from", "to"}:
                for state in re.split(r"\s*(?:,|/| o | or | y | and )\s*", quoted(cell)):
                    if fold(state) not in ANY and not has(fold(state).split(), REFUSE) and "(" not in state:
                        add_state(self.system, quoted(state))
                continue
            named = columns.get(head)
            found = tokens(quoted(cell), language)
            if named is not None and any(t.kind == "number" for t in found):
                self.conditions.numbers.add(named.name)
            if named is not None and sorts[head] not in {"message", "skip"}:
                plain = fold(quoted(cell))
                if plain in YES | NO:
                    self.system.fields[named.name].kind = "flag"
                elif plain not in ANY and not any(t.kind in {"number", "time", "date"} for t in found):
                    field = self.system.fields[named.name]
                    values = [quoted(v) for v in re.split(r"\s*(?:,|/| o | or | u )\s*", cell)]
                    learn(field, values if field.kind not in {"flag", "number"} else [])

    def read(self, requirement: Requirement, cells: Row) -> list[Rule] | str:
        """The rules of a row; a text where it is better read as sentences (a table of fields)."""
        sorts = {head: sort(head) for head in cells}
        by = {name: head for head, name in reversed(list(sorts.items())) if name}
        language = requirement.language
        if "field" in by:
            return self._sentences(cells, by["field"], language)
        if "to" in by and ("event" in by or "from" in by):
            return rows.read(requirement.id, cells, by, self.names, self.conditions, self._message(cells))
        return []  # a table of values: see values.rates

    # -- a table of fields

    @staticmethod
    def _sentences(cells: Row, field: str, language: Language) -> str:
        """Sentences that say what a row of a table of fields says."""
        es = language == "es"
        name, made, unit = cells[field], [], ""
        message = next(
            (
                f' {"con el mensaje" if es else "with the message"} "{quoted(c)}"'
                for h, c in cells.items()
                if sort(h) == "message" and key(c) not in ANY
            ),
            "",
        )
        low = next((c for h, c in cells.items() if _MIN.fullmatch(key(h)) and key(c) not in ANY), "")
        high = next((c for h, c in cells.items() if _MAX.fullmatch(key(h)) and key(c) not in ANY), "")
        kinds = " ".join(key(c) for h, c in cells.items() if re.match(r"tipo|type|formato|format", key(h)))
        length = re.search(r"text|cadena|string|alfanum", kinds) and not re.search(r"num|entero|int|dec", kinds)
        unit = (" caracteres" if es else " characters") if length else ""
        must = f"{name} debe" if es else f"{name} must"
        if low and high:
            made.append(
                f"{must} {'estar entre' if es else 'be between'} {low} {'y' if es else 'and'} {high}{unit}{message}."
            )
        elif low or high:
            least, most = ("ser al menos", "ser como máximo") if es else ("be at least", "be at most")
            made.append(f"{must} {least if low else most} {low or high}{unit}{message}.")
        if re.search(r"entero|integer|whole|\bint\b", kinds):
            made.append(f"{must} {'ser entero' if es else 'be an integer'}{message}.")
        for head, cell in cells.items():
            plain = key(head)
            if (
                head == field
                or key(cell) in ANY
                or sort(head) == "message"
                or _MIN.fullmatch(plain)
                or _MAX.fullmatch(plain)
            ):
                continue
            if re.match(r"obligatori|requerid|required|mandatory", plain):
                if key(cell) in YES:
                    made.append(f"{name} {'es obligatorio' if es else 'is required'}{message}.")
                elif key(cell) in NO:
                    made.append(f"{name} {'es opcional' if es else 'is optional'}.")
            elif re.match(
                r"valores|values|allowed|permitid|opciones|options|dominio|domain|lista", plain
            ) or not re.match(r"tipo|type|descrip|ejemplo|example|unidad|unit", plain):
                made.append(f"{name} {'debe ser' if es else 'must be'} {cell}{message}.")
            elif re.match(r"formato|format", plain):
                made.append(f"{name} {'debe tener' if es else 'must have'} {cell}{message}.")
        return "\n".join(made)

    def _message(self, cells: Row) -> str | None:
        return next((quoted(c) for h, c in cells.items() if sort(h) == "message" and key(c) not in ANY), None)
