"""Words about states and transitions, Spanish and English, folded."""

from arraigo.apps.testplans.generator.lexicon import ARTICLES


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """Phrases between bars, each a tuple of words."""
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


# What stands right before the state that something comes to.
BECOMES = phrases(
    "becomes|become|becoming|turns|turns into|turned into|ends up|ends up as|ends as|is then|are then|is now|is again|"
    "moves to|moves into|moves back to|moves on to|goes to|goes into|goes back to|goes on to|changes to|"
    "changes into|changes back to|passes to|switches to|returns to|reverts to|falls back to|comes back to|"
    "transitions to|advances to|enters|marked|marked as|set to|set as|set back to|put into|put back to|leads to|"
    "back to|state to|status to|gets the status|gets the state|has the status|moved to|changed to|"
    "queda|quedan|quedara|quedaran|quede|quedar|quedando|pasa a|pasan a|pasara a|pase a|pasar a|pasa a ser|"
    "pasando a|cambia a|cambian a|cambiara a|cambiar a|vuelve a|vuelven a|vuelva a|volvera a|vuelve a ser|"
    "vuelve a estar|vuelve a quedar|vuelven a ser|regresa a|retorna a|se vuelve|se convierte|entra|entran|"
    "pasa|se marca|se marca como|queda marcado|queda marcada|se considera|se pone|termina|acaba|es entonces|"
    "estado a|hacia|→|->|=>|estado es|state is|status is|estado pasa a ser|resultado es|pasa al estado"
)
_PASSES = frozenset("changes change goes go moves move passes pass switches turns pasa pasan cambia cambian".split())


def between(plain: list[str], i: int) -> int:
    """Where the "to" is of "changes from draft to sent" that begins at `i`; 0: it does not."""
    if plain[i] not in _PASSES or plain[i + 1 : i + 2] not in (["from"], ["de"]):
        return 0
    return next((k for k in range(i + 3, min(i + 7, len(plain))) if plain[k] in {"to", "a"}), 0)


# What takes an object before the state: "makes the meter hired", "deja el predio al día".
MAKES = frozenset(
    (
        "makes make making leaves leave leaving puts put putting sets turns turn brings bring takes take marks mark "
        "moves move sends returns deja dejan dejara deje dejando dejar pone ponen lleva llevan devuelve marca "
        "convierte vuelve pasa cambia coloca mueve renders returning moving taking bringing"
    ).split()
)
STAYS = frozenset(
    (
        "stays stay remains remain staying sigue siguen siga sigan permanece permanecen continua keeps kept "
        "conserva mantiene continues remaining stayed sigue"
    ).split()
)
_VERBS = (
    "starts|starts as|starts in|starts out|begins|begins as|begins in|comes|is born|nace|nacen|nace como|comienza|"
    "empieza|inicia|arranca|se entrega|se entregan|viene|sale de fabrica|is delivered|is shipped|is supplied"
)
_ADVERBS = (
    "initially|initial|at first|at the start|at the beginning|to begin with|from the start|new|newly|brand new|fresh|"
    "inicial|inicialmente|al comienzo|al inicio|al principio|de entrada|recien|nuevo|nueva|"
    "al empezar|al comenzar|al encender|al crearse|al instalarse|antes de eso|before that|until then|hasta entonces"
)
_BORN = (
    "session begins|session starts|it is delivered|is delivered|se entrega|se entregan|viene|sale de fabrica|"
    "switched on|turned on|powered on|is installed|"
    "is created|se crea|se enciende|se instala|comienza|empieza|begins|starts|al encender|power-up"
)
ADVERBS = phrases(_ADVERBS)
BORN = phrases(_BORN)
BEGINS = phrases(f"{_VERBS}|{_ADVERBS}|{_BORN}")
ONLY = frozenset("only solo solamente unicamente exclusively exclusivamente just".split())
CAN = frozenset(
    (
        "can may could able poder puede pueden podra podran possible allowed permite permiten permitted posible admite"
    ).split()
)
CANNOT = frozenset("cannot can't".split())
RELATIVE = frozenset(
    (
        "that who which whose que quien quienes cual if when while once where whenever until unless as since si "
        "cuando mientras estando aquel aquellos hasta donde after before tras despues luego those whether"
    ).split()
)
BEING = frozenset("is are was were been be being es esta estan son sea sean este esten estaba fue gets get".split())
LINKS = (
    frozenset(
        (
            "in state status en estado be it como as lo al a to the then now again still already not no ya "
            "entonces ahora nuevamente again de con into is ser estar quedar nuevo right only solo just"
        ).split()
    )
    | ARTICLES
)
ALL = phrases(
    "everything|nothing else|nothing can|nothing may|nothing more|any operation|"
    "every operation|all operations|no operation|"
    "no further operation|no other operation|nada mas|no se puede hacer nada|todo|ninguna operacion|"
    "ninguna otra operacion|"
    "todas las operaciones|cualquier operacion|ningun evento|ninguna accion|any action|all else|no more|"
    "no se vuelve|no se sale|no way out|end state|final state|estado final|estado terminal|is final|es final|"
    "es definitivo|es definitiva|terminal|no vuelve|no puede cambiar|no cambia mas|cannot change|"
    "no puede seguir|no sigue|cannot continue|cannot go on|ends there|any more"
)

INSTEAD = phrases("instead of|rather than|en lugar de|en vez de")
NOTHING = phrases(
    "nothing can|nothing may|nothing else|nothing more|nothing is|nada mas|nada se puede|no se recibe|no se reciben|"
    "no se procesa|no se atiende|is not taken|are not taken|no longer possible|ya no se puede|there is no|no hay"
)
ORDINALS = {
    **dict.fromkeys(["first", "primer", "primero", "primera"], 1),
    **dict.fromkeys(["second", "segundo", "segunda"], 2),
    **dict.fromkeys(["third", "tercer", "tercero", "tercera"], 3),
    **dict.fromkeys(["fourth", "cuarto", "cuarta"], 4),
    **dict.fromkeys(["fifth", "quinto", "quinta"], 5),
    **dict.fromkeys(["sixth", "sexto", "sexta"], 6),
}
