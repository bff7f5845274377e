"""The words that make a statement one, in Spanish and in English."""

import re
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["functional", "performance", "security", "usability", "other"]


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for all of them, whatever the case."""
    return re.compile("|".join(patterns), re.IGNORECASE)


# Modal verbs, permissions, prohibitions, rejections.
STRONG = any_of(
    r"\b(?:debe(?:n|r[áa]n?|r[íi]an?)?|deber[áa]n?|ha(?:n)? de|habr[áa]n? de|tiene[n]? que|tendr[áa]n? que)\b",
    r"\b(?:puede[n]?|podr[áa]n?|permit(?:e[n]?|ir[áa]n?|id[oa]s?)|prohib(?:e[n]?|id[oa]s?)|impid(?:e[n]?)|"
    r"impedir[áa]n?)\b",
    r"\b(?:acepta(?:n|r[áa]n?|d[oa]s?)?|admit(?:e[n]?|ir[áa]n?|id[oa]s?)|rechaz(?:a[n]?|ar[áa]n?|ad[oa]s?))\b",
    r"\b(?:obligatori[oa]s?|opcional(?:es)?|requerid[oa]s?|se requiere[n]?|exig(?:e[n]?|ir[áa]n?)|es necesari[oa])\b",
    r"\bno (?:es|son|ser[áa]n?) (?:v[áa]lid|posible|permitid)\w*",
    r"\b(?:must|shall|should|cannot|can|can't|may|will|won't|ought to|ha(?:s|ve) to|needs? to|are to|is to)\b",
    r"\b(?:is|are|be) (?:not )?(?:required|mandatory|optional|allowed|permitted|forbidden|prohibited|rejected|"
    r"accepted|refused|"
    r"denied|valid|invalid|ignored)\b",
    r"\b(?:needs?|necesita[n]?|necesitar[áa]n?)\b",
    r"\b(?:rejects?|accepts?|refuses?|requires?|forbids?|allows?|permits?|prevents?)\b",
)
IF = any_of(
    r"\b(?:si|cuando|siempre que|salvo|excepto|a menos que|mientras|una vez|al (?:tercer|segundo|primer|\w+ar|"
    r"\w+er|\w+ir)|"
    r"tras|despu[ée]s de|en caso (?:de|contrario)|de lo contrario|a partir de|hasta que)\b",
    r"\b(?:if|when|whenever|unless|once|after|until|otherwise|in case|as soon as|upon|while|except|before)\b",
)
MOVES = any_of(
    r"[→⇒]|->|=>",
    r"\b(?:pasa[n]?|pasar[áa]n?|cambia[n]?|transita|vuelve[n]?|regresa[n]?|queda[n]?|"
    r"quedar[áa]n?) (?:del? .{1,40} )?(?:al?|en|como)\b",
    r"\b(?:moves?|changes?|goes|transitions?|returns?|switches) (?:from .{1,40} )?(?:to|back to|into)\b|\bbecomes?\b",
)
# What systems do, told in the indicative.
DOES = any_of(
    r"\bse (?:le[s]? )?[a-záéíóúñ]{3,}(?:a|e|an|en|r[áa]n?)\b",
    r"\b(?:calcula|muestra|env[íi]a|registra|genera|bloquea|cobra|aplica|redondea|vence|expira|caduca|devuelve|"
    r"guarda|valida|"
    r"verifica|cierra|abre|cuesta|vale|equivale|corresponde|suma|resta|recibe|paga|gana|pierde|tiene|dura|"
    r"incluye|contiene|"
    r"comienza|empieza|termina|avisa|notifica|informa|ordena|filtra|actualiza|elimina|cancela|suspende|activa|"
    r"desactiva|"
    r"responde|soporta|conserva|mantiene|enciende|apaga|ofrece|utiliza|limita|consta|oscila|var[íi]a|obtiene)n?\b",
    r"\b(?:is|are|gets?) (?:\w+ly )?(?:\w{3,}ed|sent|shown|given|told|sold|lent|bought|brought|taken|chosen|"
    r"drawn|found|left|written|made|kept|paid|set|put|held|lost|due|free|"
    r"worth|at least|at most)\b",
    r"\b(?:calculat|show|display|send|record|generat|block|charg|appl(?:y|i)|round|expir|return|stor|validat|"
    r"verif(?:y|i)|clos|"
    r"open|cost|earn|receiv|pay|pai|lose|last|includ|contain|start|end|stop|notif(?:y|i)|sort|filter|updat|delet|"
    r"cancel|suspend|"
    r"activat|respond|support|keep|hold|turn|offer|use|limit|rang|add|subtract|count|lock|unlock|reset|issu|log|"
    r"creat)(?:e?s|e|es)?\b",
)
# Who does it: what such a one does is behaviour, whatever the verb.
SUBJECT = any_of(
    r"^(?:(?:the|an?|each|every|el|la|lose|last|un|una|cada|todo|toda) )"
    r"(?:systems?|applications?|apps?|users?|customers?|clients?|operators?|administrators?|services?|servers?|"
    r"devices?|"
    r"sistemas?|aplicaci[óo]n|usuari[oa]s?|clientes?|operador(?:es|as?)?|administrador(?:es|as?)?|servicios?|"
    r"servidor(?:es)?|dispositivos?)\b",
)
FIGURE = re.compile(
    r"\d|\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|one|two|three|four|five|six|seven|eight|"
    r"nine|ten)\b",
    re.IGNORECASE,
)
# The words of a message.
QUOTED = re.compile(r"[\"“«][^\"“”«»]{2,200}\s[^\"“”«»]{1,200}[\"”»]")
# About the document, not about the system; or about what used to be.
ABOUT = re.compile(
    r"^(?:(?:en\s+)?(?:el (?:presente|siguiente)|este|la presente|esta|la siguiente|las siguientes|los siguientes)\s+"
    r"(?:documento|especificaci[óo]n|cap[íi]tulo|secci[óo]n|apartado|tabla|figura|anexo|versi[óo]n|lista|gu[íi]a)\b"
    r"|(?:in )?(?:this|the present|the following|the next)\s+(?:document|specification|chapter|section|table|"
    r"figure|annex|"
    r"appendix|version|list|guide)\b"
    r"|(?:versi[óo]n|version|revisi[óo]n|revision|edici[óo]n|issue|fecha|date|autor(?:es|a)?|authors?|p[áa]gina|"
    r"page)(?::|\s+\d)"
    r"|(?:cliente|client|customer|due[ñn][oa]|owner|status|destinatario|from|to|cc|subject|asunto|para|de|"
    r"(?:prepar|elabor|aprob|revis)(?:[óo]|ad[oa])(?: por| para)?|(?:prepared|written|approved|reviewed|edited)"
    r"(?: by| for)?|applies to|se aplica a|proyecto|project|producto|product|departamento|department)\s?:"
    r"|.{0,80}\b(?:versi[óo]n|version|revisi[óo]n|revision|draft|borrador)\s+[\dA-Z][\d.]*\.?$"
    r"|(?:el|la|los|the) (?:presente )?(?:documento|protocolo|acta|reglamento|manual|document|specification) "
    r"(?:indica|describe|recoge|contiene|trata|cubre|describes|covers|says|explains|sets out)\b"
    r"|(?:v[ée]ase|ver|consulte|consultar|see|refer to|cf\.)\s"
    r"|(?:antes|antiguamente|anteriormente|en (?:la|el) (?:versi[óo]n|sistema) anterior|previously|formerly|"
    r"in the (?:previous|old|former) (?:version|system|process))\b"
    r"|(?:(?:la|el|the)\s+)?(?:tabla|table|figura|figure|secci[óo]n|section|cap[íi]tulo|chapter|anexo|annex|"
    r"appendix)\s+\d)",
    re.IGNORECASE,
)
OF_DOCUMENT = any_of(
    r"^(?:los lectores|el lector|los interesados|the readers?|readers|stakeholders)\b.*"
    r"\b(?:conocer|leer|consultar|revisar|know|read|consult|review|be familiar|refer)\b",
)
DEPENDS = re.compile(
    r"^(?:en (?:caso contrario|otro caso|ese caso|este caso|tal caso|ambos casos|cualquier otro caso)|"
    r"de lo contrario|si no(?:,| se| lo)|(?:si|cuando) l[oa]s?\b|"
    r"adem[áa]s|asimismo|tambi[ée]n|sin embargo|por (?:lo )?tanto|este|esta|estos|estas|dich[oa]s?|el mismo|"
    r"la misma|as[íi]|"
    r"pero|en dicho caso|entonces|luego|despu[ée]s,|a continuaci[óo]n|ello|esto|lo mismo|igualmente|"
    r"if (?:it|they|he|she|so|this|that)\b|otherwise|if not|also|in addition|"
    r"in (?:that|this|such|either|any other|both) cases?|additionally|however|"
    r"therefore|this|"
    r"(?:all|the) (?:two|three|four|five|of (?:them|these))|both|amb[oa]s|"
    r"(?:l[oa]s|tod[oa]s l[oa]s) (?:dos|tres|cuatro)|"
    r"(?:\S+ ){1,4}(?:then|entonces)|"
    r"these|those|such|it|they|then|but|so|the same|likewise|that|afterwards|moreover|furthermore|nor)\b",
    re.IGNORECASE,
)
VAGUE = any_of(
    r"\b(?:f[áa]cil(?:es|mente)?(?: de usar)?|amigable[s]?|intuitiv[oa]s?|agradable[s]?|r[áa]pid[oa]s?|"
    r"r[áa]pidamente|robust[oa]s?|"
    r"adecuad[oa]s?|adecuadamente|apropiad[oa]s?|flexible[s]?|modern[oa]s?|sencill[oa]s?|simple[s]?|buen[oa]?s?|"
    r"atractiv[oa]s?|"
    r"eficiente(?:s|mente)?|c[óo]mod[oa]s?|escalable[s]?|mantenible[s]?|[óo]ptim[oa]s?|suficiente(?:s|mente)?|"
    r"confiable[s]?|"
    r"amable[s]?|clar[oa]s?|lo antes posible|en lo posible|segur[oa]s?|est[ée]tic[oa]s?|elegante[s]?|estable[s]?)\b",
    r"\b(?:easy|easily|friendly|user-friendly|intuitive(?:ly)?|pleasant|fast|quick(?:ly)?|robust|"
    r"adequate(?:ly)?|appropriate(?:ly)?|"
    r"flexible|modern|simple|good|attractive|efficient(?:ly)?|comfortable|scalable|maintainable|optimal(?:ly)?|"
    r"reasonabl[ey]|"
    r"reliable|nice|clear(?:ly)?|as soon as possible|state of the art|sufficient(?:ly)?|secure(?:ly)?|"
    r"smooth(?:ly)?|stable|elegant)\b",
)
CONCRETE = any_of(
    r"\d", r"[\"“«]", r"\b(?:si|cuando|if|when|unless|salvo)\b", r"[<>≤≥=]",
    r"\b(?:rechaz|reject|bloque|block|mensaje|message|correo|e-?mail|contrase|password|estado|state|campo|field|"
    r"obligatori|mandatory)\w*",
)  # fmt: skip
STORY = re.compile(
    r"^(?:como (?:un[a]? )?.{2,60}?,? (?:quiero|quer?emos|necesit[oa](?:mos)?|dese[oa](?:mos)?)|"
    r"as (?:an?|the) .{2,60}?,? (?:i|we) (?:want|need|would like))\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(?:TBD|TBC|por definir|a definir|pendiente de definir|por determinar|to be (?:defined|determined|"
    r"confirmed|decided))\b",
    re.IGNORECASE,
)
KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("security", any_of(
        r"\b(?:contrase[ñn]a|autentic|autoriz(?:aci[óo]n|ado)|cifr(?:a|ad)|encript|permiso|rol(?:es)?\b|"
        r"credencial|auditor[íi]a|token|"
        r"inyecci[óo]n|intentos? (?:fallid|de acceso|incorrect)|sesi[óo]n|privilegi|confidencial|seguridad|"
        r"https|tls)\w*",
        r"\b(?:password|authenticat|authoriz|authoris|encrypt|permission|roles?\b|credential|audit|injection|"
        r"failed (?:attempt|login)|"
        r"session|privilege|confidential|security|sign(?:ed|s)?[- ]in)\w*",
    )),
    ("performance", any_of(
        r"\b(?:milisegundos?|ms|tiempo de respuesta|tiempos de respuesta|rendimiento|concurrentes?|"
        r"simult[áa]ne[oa]s?|percentil|disponibilidad|"
        r"peticiones por|solicitudes por|transacciones por|por segundo|latencia|carga m[áa]xima|throughput)\b",
        r"\b(?:milliseconds?|response times?|performance|concurrent|simultaneous|percentile|availability|uptime|"
        r"requests? per|"
        r"transactions? per|per second|latency|peak load)\b",
        r"\b(?:responde|respond|carga|load)\w* .{0,60}\b(?:segundos?|seconds?|s)\b",
        r"\b(?:en|within|in) (?:menos de|less than|under|at most)? ?\d+(?:[.,]\d+)? ?(?:s|segundos?|seconds?)\b",
    )),
    ("usability", any_of(
        r"\b(?:accesib|usabilidad|usable|WCAG|lector(?:es)? de pantalla|teclado|idiomas?|contraste|intuitiv|"
        r"amigable|legible|tama[ñn]o de letra|"
        r"f[áa]cil de|agradable)\w*",
        r"\b(?:accessib|usability|screen reader|keyboard|languages?|contrast|intuitive|friendly|legible|"
        r"readable|easy to|pleasant)\w*",
    )),
)  # fmt: skip

LEADS = re.compile(
    r"\b(?:siguientes?|cumpl\w+|reglas?|condiciones|campos?|valores?|tipos?|estados?|l[íi]mites?|following|"
    r"rules?|conditions?|fields?|"
    r"values?|types?|states?|limits?)\b",
    re.IGNORECASE,
)
