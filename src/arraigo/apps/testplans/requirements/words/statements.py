"""Whether a sentence states what a system must do, what about, and whether that can be tried."""

import re
from typing import Literal, TypeAlias

from arraigo.apps.testplans.plan import Language

Strength: TypeAlias = Literal["strong", "weak", ""]
Kind: TypeAlias = Literal["functional", "performance", "security", "usability", "other"]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# Modal verbs, permissions, prohibitions, rejections.
_STRONG = _any(
    r"\b(?:debe(?:n|r[áa]n?|r[íi]an?)?|deber[áa]n?|ha(?:n)? de|habr[áa]n? de|tiene[n]? que|tendr[áa]n? que)\b",
    r"\b(?:puede[n]?|podr[áa]n?|permit(?:e[n]?|ir[áa]n?|id[oa]s?)|prohib(?:e[n]?|id[oa]s?)|impid(?:e[n]?)|impedir[áa]n?)\b",
    r"\b(?:acepta(?:n|r[áa]n?|d[oa]s?)?|admit(?:e[n]?|ir[áa]n?|id[oa]s?)|rechaz(?:a[n]?|ar[áa]n?|ad[oa]s?))\b",
    r"\b(?:obligatori[oa]s?|opcional(?:es)?|requerid[oa]s?|se requiere[n]?|exig(?:e[n]?|ir[áa]n?)|es necesari[oa])\b",
    r"\bno (?:es|son|ser[áa]n?) (?:v[áa]lid|posible|permitid)\w*",
    r"\b(?:must|shall|should|cannot|can|can't|may|will|won't|ought to|ha(?:s|ve) to|needs? to|are to|is to)\b",
    r"\b(?:is|are|be) (?:not )?(?:required|mandatory|optional|allowed|permitted|forbidden|prohibited|rejected|accepted|refused|"
    r"denied|valid|invalid|ignored)\b",
    r"\b(?:rejects?|accepts?|refuses?|requires?|forbids?|allows?|permits?|prevents?)\b",
)
_IF = _any(
    r"\b(?:si|cuando|siempre que|salvo|excepto|a menos que|mientras|una vez|al (?:tercer|segundo|primer|\w+ar|\w+er|\w+ir)|"
    r"tras|despu[ée]s de|en caso (?:de|contrario)|de lo contrario|a partir de|hasta que)\b",
    r"\b(?:if|when|whenever|unless|once|after|until|otherwise|in case|as soon as|upon|while|except|before)\b",
)
_MOVES = _any(
    r"[→⇒]|->|=>",
    r"\b(?:pasa[n]?|pasar[áa]n?|cambia[n]?|transita|vuelve[n]?|regresa[n]?|queda[n]?|quedar[áa]n?) (?:del? .{1,40} )?(?:al?|en|como)\b",
    r"\b(?:moves?|changes?|goes|transitions?|returns?|switches) (?:from .{1,40} )?(?:to|back to|into)\b|\bbecomes?\b",
)
# What systems do, told in the indicative.
_DOES = _any(
    r"\bse (?:le[s]? )?[a-záéíóúñ]{3,}(?:a|e|an|en|r[áa]n?)\b",
    r"\b(?:calcula|muestra|env[íi]a|registra|genera|bloquea|cobra|aplica|redondea|vence|expira|caduca|devuelve|guarda|valida|"
    r"verifica|cierra|abre|cuesta|vale|equivale|corresponde|suma|resta|recibe|paga|gana|pierde|tiene|dura|incluye|contiene|"
    r"comienza|empieza|termina|avisa|notifica|informa|ordena|filtra|actualiza|elimina|cancela|suspende|activa|desactiva|"
    r"responde|soporta|conserva|mantiene|enciende|apaga|ofrece|utiliza|limita|consta|oscila|var[íi]a|obtiene)n?\b",
    r"\b(?:is|are|gets?) (?:\w+ly )?(?:\w{3,}ed|sent|shown|given|made|kept|paid|set|put|held|lost|due|free|worth|at least|at most)\b",
    r"\b(?:calculat|show|display|send|record|generat|block|charg|appl(?:y|i)|round|expir|return|stor|validat|verif(?:y|i)|clos|"
    r"open|cost|earn|receiv|pay|pai|los|las|includ|contain|start|end|stop|notif(?:y|i)|sort|filter|updat|delet|cancel|suspend|"
    r"activat|respond|support|keep|hold|turn|offer|us|limit|rang|add|subtract|count|lock|unlock|reset|issu|log|creat)(?:e?s|e|es)?\b",
)
_IS = _any(
    r"\b(?:es|son|ser[áa]n?|era|est[áa]n?|is|are|be|entre|between|m[áa]xim[oa]|m[íi]nim[oa]|maximum|minimum|de|of)\b|[=:<>≤≥]"
)
_FIGURE = re.compile(
    r"\d|\b(?:un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
# About the document, not about the system; or about what used to be.
_ABOUT = re.compile(
    r"^(?:(?:en\s+)?(?:el (?:presente|siguiente)|este|la presente|esta|la siguiente|las siguientes|los siguientes)\s+"
    r"(?:documento|especificaci[óo]n|cap[íi]tulo|secci[óo]n|apartado|tabla|figura|anexo|versi[óo]n|lista|gu[íi]a)\b"
    r"|(?:in )?(?:this|the present|the following|the next)\s+(?:document|specification|chapter|section|table|figure|annex|"
    r"appendix|version|list|guide)\b"
    r"|(?:v[ée]ase|ver|consulte|consultar|see|refer to|cf\.)\s"
    r"|(?:antes|antiguamente|anteriormente|en (?:la|el) (?:versi[óo]n|sistema) anterior|previously|formerly|"
    r"in the (?:previous|old|former) (?:version|system|process))\b"
    r"|(?:(?:la|el|the)\s+)?(?:tabla|table|figura|figure|secci[óo]n|section|cap[íi]tulo|chapter|anexo|annex|appendix)\s+\d)",
    re.IGNORECASE,
)
_OF_DOCUMENT = re.compile(
    r"\b(?:los lectores?|el lector|readers?|los interesados|stakeholders?)\b.*\b(?:debe|must|should|puede|may|can)",
    re.IGNORECASE,
)
_DEPENDS = re.compile(
    r"^(?:en (?:caso contrario|otro caso|ese caso|este caso|tal caso|ambos casos|cualquier otro caso)|de lo contrario|si no(?:,| se| lo)|"
    r"adem[áa]s|asimismo|tambi[ée]n|sin embargo|por (?:lo )?tanto|este|esta|estos|estas|dich[oa]s?|el mismo|la misma|as[íi]|"
    r"pero|en dicho caso|entonces|luego|despu[ée]s,|a continuaci[óo]n|ello|esto|lo mismo|igualmente|"
    r"otherwise|in (?:that|this|such|either|any other|both) cases?|if not|also|in addition|additionally|however|therefore|this|"
    r"these|those|such|it|they|then|but|so|the same|likewise|that|afterwards|moreover|furthermore|nor)\b",
    re.IGNORECASE,
)
_VAGUE = _any(
    r"\b(?:f[áa]cil(?:es|mente)?(?: de usar)?|amigable[s]?|intuitiv[oa]s?|agradable[s]?|r[áa]pid[oa]s?|r[áa]pidamente|robust[oa]s?|"
    r"adecuad[oa]s?|adecuadamente|apropiad[oa]s?|flexible[s]?|modern[oa]s?|sencill[oa]s?|simple[s]?|buen[oa]?s?|atractiv[oa]s?|"
    r"eficiente(?:s|mente)?|c[óo]mod[oa]s?|escalable[s]?|mantenible[s]?|[óo]ptim[oa]s?|suficiente(?:s|mente)?|confiable[s]?|"
    r"amable[s]?|clar[oa]s?|lo antes posible|en lo posible|segur[oa]s?|est[ée]tic[oa]s?|elegante[s]?|estable[s]?)\b",
    r"\b(?:easy|easily|friendly|user-friendly|intuitive(?:ly)?|pleasant|fast|quick(?:ly)?|robust|adequate(?:ly)?|appropriate(?:ly)?|"
    r"flexible|modern|simple|good|attractive|efficient(?:ly)?|comfortable|scalable|maintainable|optimal(?:ly)?|reasonabl[ey]|"
    r"reliable|nice|clear(?:ly)?|as soon as possible|state of the art|sufficient(?:ly)?|secure(?:ly)?|smooth(?:ly)?|stable|elegant)\b",
)
_CONCRETE = _any(
    r"\d", r"[\"“«]", r"\b(?:si|cuando|if|when|unless|salvo)\b", r"[<>≤≥=]",
    r"\b(?:rechaz|reject|bloque|block|mensaje|message|correo|e-?mail|contrase|password|estado|state|campo|field|obligatori|mandatory)\w*",
)  # fmt: skip
_STORY = re.compile(
    r"^(?:como (?:un[a]? )?.{2,60}?,? (?:quiero|necesito|deseo)|as an? .{2,60}?,? i (?:want|need|would like))\b", re.IGNORECASE
)
_OPEN = re.compile(
    r"\b(?:TBD|TBC|por definir|a definir|pendiente de definir|por determinar|to be (?:defined|determined|confirmed|decided))\b",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("security", _any(
        r"\b(?:contrase[ñn]a|autentic|autoriz(?:aci[óo]n|ado)|cifr(?:a|ad)|encript|permiso|rol(?:es)?\b|credencial|auditor[íi]a|token|"
        r"inyecci[óo]n|intentos? (?:fallid|de acceso|incorrect)|sesi[óo]n|privilegi|confidencial|seguridad|https|tls)\w*",
        r"\b(?:password|authenticat|authoriz|authoris|encrypt|permission|roles?\b|credential|audit|injection|failed (?:attempt|login)|"
        r"session|privilege|confidential|security|sign(?:ed|s)?[- ]in)\w*",
    )),
    ("performance", _any(
        r"\b(?:milisegundos?|ms|tiempo de respuesta|tiempos de respuesta|rendimiento|concurrentes?|simult[áa]ne[oa]s?|percentil|disponibilidad|"
        r"peticiones por|solicitudes por|transacciones por|por segundo|latencia|carga m[áa]xima|throughput)\b",
        r"\b(?:milliseconds?|response times?|performance|concurrent|simultaneous|percentile|availability|uptime|requests? per|"
        r"transactions? per|per second|latency|peak load)\b",
        r"\b(?:responde|respond|carga|load)\w* .{0,60}\b(?:segundos?|seconds?|s)\b",
        r"\b(?:en|within|in) (?:menos de|less than|under|at most)? ?\d+(?:[.,]\d+)? ?(?:s|segundos?|seconds?)\b",
    )),
    ("usability", _any(
        r"\b(?:accesib|usabilidad|usable|WCAG|lector(?:es)? de pantalla|teclado|idiomas?|contraste|intuitiv|amigable|legible|tama[ñn]o de letra|"
        r"f[áa]cil de|agradable)\w*",
        r"\b(?:accessib|usability|screen reader|keyboard|languages?|contrast|intuitive|friendly|legible|readable|easy to|pleasant)\w*",
    )),
)  # fmt: skip


def strength(sentence: str) -> Strength:
    """How plainly a sentence says what must be: "" for one that only tells or is about the document."""
    text = sentence.strip()
    if len(text.split()) < 2 or text.endswith("?") or _ABOUT.match(text) or _OF_DOCUMENT.search(text):  # noqa: PLR2004
        return ""
    if _STRONG.search(text) or _MOVES.search(text) or (_IF.search(text) and _DOES.search(text)):
        return "strong"
    if _DOES.search(text) or (_FIGURE.search(text) and _IS.search(text)):
        return "weak"
    return ""


_LEADS = re.compile(
    r"\b(?:siguientes?|cumpl\w+|reglas?|condiciones|campos?|valores?|tipos?|estados?|l[íi]mites?|following|rules?|conditions?|fields?|"
    r"values?|types?|states?|limits?)\b",
    re.IGNORECASE,
)


def leads(sentence: str) -> bool:
    """It leads to rules, fields, values …, though it states nothing itself."""
    return bool(_LEADS.search(sentence)) and not _ABOUT.match(sentence)


def has_figures(sentence: str) -> bool:
    """It names an amount."""
    return bool(_FIGURE.search(sentence))


def depends(sentence: str) -> bool:
    """It cannot be understood without the one before it: "Otherwise …"."""
    return bool(_DEPENDS.match(sentence.strip()))


def kind_of(text: str, section: str) -> Kind:
    """What it is about: by its words, else by its section's."""
    for kind, pattern in _KINDS:
        if pattern.search(text):
            return kind
    last = section.rsplit(" > ", 1)[-1]
    for kind, pattern in _KINDS:
        if pattern.search(last):
            return kind
    return "functional"


_WHY = {
    "vague": ("dice «{0}», y no con qué se mide", "says “{0}” and not how that is measured"),
    "story": ("es una historia de usuario: se prueban sus criterios de aceptación", "a user story: what is tried are its acceptance criteria"),
    "open": ("deja algo por definir («{0}»)", "leaves something open (“{0}”)"),
}  # fmt: skip


def why_not_testable(text: str, language: Language) -> str:
    """Why it states nothing that can be tried; empty where it does."""
    story, still_open, vague = _STORY.match(text), _OPEN.search(text), _VAGUE.search(text)
    if still_open:
        return _told("open", language, still_open.group(0))
    if story and not re.search(r"\d", text):
        return _told("story", language, "")
    if vague and not _CONCRETE.search(text):
        return _told("vague", language, vague.group(0))
    return ""


def _told(why: str, language: Language, words: str) -> str:
    return _WHY[why][0 if language == "es" else 1].format(words)
