"""What words of requirements stand for, in Spanish and English: comparisons, refusals, changes of a price."""

from collections.abc import Iterable


def _phrases(*lines: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for line in lines for phrase in line.split("|"))


COMPARE: dict[str, tuple[tuple[str, ...], ...]] = {
    ">=": _phrases(
        "greater than or equal to|more than or equal to|equal to or greater than|at least|"
        "minimum of|a minimum of|not less than",
        "minimum|equal or greater than|a partir de|a partir del|al menos|como minimo|"
        "por lo menos|minimo de|un minimo de|minimo",
        "igual o superior a|igual o mayor que|igual o mayor a|mayor o igual que|mayor o igual a|"
        "mayor o igual|superior o igual a",
        "mayores o iguales a|>=|≥|\\geq|\\ge|starting from|starting at|from at least|reaches|"
        "reach|alcanza|alcance|llega a|llegue a",
        "haya cumplido|hayan cumplido|haber cumplido|cumplido|has turned|alcanzar|reached|"
        "mayor o igual de|no later than or equal to",
    ),
    "<=": _phrases(
        "limited to|limitado a|limitada a|limitados a|less than or equal to|"
        "fewer than or equal to|equal to or less than|at most|no more than|"
        "maximum of|a maximum of|up to",
        "maximum|a lo sumo|como maximo|como mucho|maximo de|un maximo de|maximo|hasta|"
        "igual o inferior a|igual o menor que",
        "igual o menor a|menor o igual que|menor o igual a|menor o igual|inferior o igual a|<=|≤|"
        "\\leq|\\le|within|up to and including",
        "not more than|menores o iguales a|dentro de",
    ),
    ">": _phrases(
        "more than|greater than|larger than|higher than|bigger than|longer than|older than|"
        "heavier than|over|above|exceeds|exceed",
        "exceeding|exceeded|beyond|in excess of|mas de|mas que|mayor que|mayor a|mayor de|"
        "mayores de|mayores a|superior a|superiores a",
        "supera|superan|supere|superar|superen|excede|exceden|exceda|exceder|por encima de|"
        "sobrepasa|sobrepase|sobrepasar|rebasa",
        "rebase|rebasar|>|later than|after|surpasses|mayores que|superando|goes over|goes above|"
        "mas alla de|superado|rises above",
        "exceso sobre|excess over|exceso por encima de|mayor|superior al|superiores al|superior|"
        "por encima del|excedan|pasa de|pasar de|pasen de|pase de|despues de|mas tarde de|"
        "taller than",
    ),
    "<": _phrases(
        "less than|fewer than|smaller than|lower than|shorter than|younger than|lighter than|"
        "under|below|menos de|menos que",
        "menor que|menor a|menor de|menores de|menores a|inferior a|inferiores a|por debajo de|<|"
        "earlier than|before|menores que",
        "falls below|drops below|goes below|no llega a|por debajo del|inferior al|inferior|"
        "antes de|baja de|baje de|antes de las",
        "does not reach|no alcanza|menor",
    ),
    "==": _phrases("equal to|equals|exactly|igual a|exactamente|igual que|iguales a|=|=="),
    "!=": _phrases(
        "different from|other than|distinto de|distinta de|diferente de|diferente a|distinto a|!=|≠|differs from"
    ),
    "multiple": _phrases(
        "multiple of|multiples of|multiplo de|multiplos de|divisible by|divisible por|in steps of|en pasos de"
    ),
}
# After a number: "18 or more".
AFTER: dict[str, tuple[tuple[str, ...], ...]] = {
    ">=": _phrases(
        "or more|or older|or above|or over|or higher|or greater|or longer|or heavier|and above|"
        "and over|and up|or later|upwards",
        "o mas|o superior|o superiores|o mayor|o mayores|en adelante|and more|as a minimum|"
        "como minimo|de edad o mas|minimum|minimo",
        "y mas|y superiores|al menos|or up|or upwards|onwards|at least|at the least|por lo menos|or better|+",
    ),
    "<=": _phrases(
        "or less|or fewer|or below|or under|or lower|or younger|or lighter|or shorter|and below|"
        "and under|o menos|o inferior",
        "o inferiores|o menor|o menores|as a maximum|como maximo|maximum|maximo|at most|y menos|"
        "at the most|a lo sumo|or earlier|o antes",
    ),
}
INVERSE = {">=": "<", "<": ">=", "<=": ">", ">": "<=", "==": "!=", "!=": "=="}

NOT = frozenset(
    (
        "ningun ninguna ninguno none nobody nadie no not never nunca cannot can't doesn't isn't aren't don't "
        "won't without sin tampoco jamas ni neither nor lacks lack lacking carece carecen carezca carezcan"
    ).split()
)
AND = frozenset(["and", "y", "e", "ademas", "plus", "also"])
OR = frozenset(["or", "o", "u"])
BE = frozenset(
    ("is are be been es son sea sean esta estan este esten was being ser siendo equals estar has have tiene").split()
)
MUST = frozenset(
    (
        "must shall should has have needs need debe deben debera deberan tiene tienen tendra tendran "
        "requires require required requiere requieren exige debiendo ha may can puede pueden podra podran "
        "cannot only solo solamente unicamente will ranges range oscila varia limited limitado valid validos "
        "validas valido valida permitted allowed admite acepta"
    ).split()
)
FILLERS = frozenset(("of de del la el los las the a an un una in en for para por per su sus its al lo").split())
ARTICLES = frozenset(
    (
        "first primeros primeras the a an el la los las un una unos unas su sus its their each cada every "
        "todo toda any cualquier this that"
    ).split()
)

_IF = (
    "if|when|whenever|where|once|in case|provided that|provided|as long as|si|cuando|"
    "siempre que|en caso de que|en caso de|mientras"
)
IF = _phrases(
    _IF,
    "whenever|if and only if|si y solo si|cuando quiera que|in case of|for as long as|"
    "as soon as|while|in the event that",
)
UNLESS = _phrases(
    "unless|except if|except when|salvo que|salvo si|a menos que|excepto si|excepto cuando|salvo cuando|except"
)
ONLY_IF = _phrases(
    "only if|only when|only where|only while|solo si|solo cuando|unicamente si|"
    "unicamente cuando|solamente si|solamente cuando",
    "solo mientras|solo podra|only in case|siempre y cuando|as long as|provided that|siempre que|provided",
)
THEN = _phrases("then|entonces")
ELSE = _phrases(
    "otherwise|else|in any other case|in all other cases|de lo contrario|en caso contrario|"
    "en otro caso|en los demas casos|si no",
    "in other cases|en cualquier otro caso|any other|the rest|for everyone else|if not|otherwise it",
)
REFUSE = _phrases(
    "rejected|refused|denied|declined|invalid|not allowed|not permitted|not accepted|error|"
    "is not valid|are not valid|forbidden",
    "reject|rejects|refuses|refuse|denies|declines|rechaza|rechazan|rechazara|rechazaran|"
    "rechazado|rechazada|rechazados|rechazadas",
    "rechazar|deniega|denegada|denegado|niega|no permite|no se permite|no se permiten|"
    "no se acepta|no se aceptan|no acepta",
    "no se admite|no se admiten|no admite|invalido|invalida|no es valido|no es valida|"
    "prohibido|prohibida|no permitido|not possible",
    "no sera aceptada|no sera aceptado|turned away|turned down|no se autoriza|no se realiza|no procede|not be accepted",
    "no se registra|no se concede|not granted|no esta permitido|no esta permitida|"
    "no se puede|no se podra|impide|prevents|blocked from",
    "not offered|not available|unavailable|no se ofrece|no se ofrecen|no disponible|"
    "no esta disponible|no esta disponible|is not offered|not eligible|no es posible|"
    "se rehusa|refusal|not be processed|no se procesa|rechace|no aplica la solicitud",
    "no se podran|no se pueden|bounced|fails|fallara|falla|no son validos|no son validas|"
    "no se aprueba|not approved|not booked|not lent|no se recibe|no se reciben|no se atiende|no se tramita|"
    "no debe admitir|no debe aceptar|no debe permitir|no debe admitirse|no debe aceptarse|no debera admitir|"
    "no se recoge|no se recogen|no se transporta|no se transportan|no se vende|no se venden|no se presta|no se prestan|"
    "no se alquila|no se alquilan|no se sirve|no se sirven|no se envia|no se envian|no se traslada|no se trasladan|"
    "not collected|not carried|not sold|not shipped|not served|not rented|not transported|"
    "beyond what|outside what|more than we can|fuera de lo que|mas alla de lo que|mas de lo que se puede|"
    "not accept|not admit|not taken|not let in|not received|not processed|no se lleva a cabo",
)
ACCEPT = _phrases(
    "accepted|approved|allowed|permitted|valid|se acepta|se aceptan|aceptada|aceptado|"
    "se aprueba|aprobada|aprobado|se permite",
    "permite|accepts|admite|acepta|se admite|may|can|puede|pueden|podra|granted|se concede|"
    "autoriza|se autoriza|succeeds|possible",
)
NEGATIVE = frozenset(["negative", "negativo", "negativa", "negativos", "negativas"])
POSITIVE = frozenset(["positive", "positivo", "positiva", "positivos", "positivas"])
LEAST = frozenset(["minimum", "minimo", "minima", "minimos", "minimas"])
MOST = frozenset(["maximum", "maximo", "maxima", "maximos", "maximas"])
HALVED = _phrases(
    "halved|half price|half of the|half the|pay half|la mitad|a la mitad|mitad de precio|"
    "mitad del precio|50 percent off"
)
GIVEN = _phrases(
    "se indica|se informa|se especifica|given|provided|present|specified|indicated|"
    "se diligencia|se suministra|se proporciona|entered|filled in|existe|stated|supplied"
)
COMPUTING = _phrases(
    "mas el|mas la|mas los|menos el|menos la|multiplied|multiplicado|multiplicada|plus|sum|"
    "suma|times|divided|dividido|dividida|product|producto|equals|igual|"
    "resultado de|percentage|porcentaje|proporcional|proportional"
)
FIRST = frozenset(["first", "primer", "primero", "primeros", "primera", "primeras"])
AFTERWARDS = _phrases(
    "after that|thereafter|from then on|a partir de ahi|despues|luego|afterwards|beyond that|"
    "a partir de entonces|pasado ese tiempo|superado ese tiempo"
)
WHOLE_ONLY = _phrases(
    "fractions earn nothing|full|complete|completo|completos|completa|completas|earn nothing|no generan|no se cuentan"
)
ALONE = _phrases(
    "regardless|sin importar|independientemente|flat|con independencia|in any case|"
    "en todo caso|irrespective|sea cual sea"
)
DOUBLED = _phrases("doubled|doubles|se duplica|duplicado|duplicada|se duplican|el doble|twice as much")
LOWER = _phrases(
    "goes down|go down|baja|bajan|drops|drop",
    "discount|discounts|off|reduction|reduced|reduces|less|cheaper|deducted|rebate|descuento|"
    "descuentos|rebaja|reduce|reducen|bonificacion",
    "reduccion|descuenta|resta|menos|decreases|decrease|disminuye|lowered|subtracted|"
    "discounted|reducira|reducido|reducida|se descuentan",
)
RAISE = _phrases(
    "goes up|go up|sube|suben|rises|rise",
    "surcharge|supplement|extra|additional|additionally|increased|increases|increase|added|"
    "adds|add|more|plus|markup|recargo|recargos",
    "suplemento|adicional|adicionales|sobrecosto|incremento|incrementa|incrementan|aumenta|"
    "aumento|se suma|se suman|suma|anade|agrega",
    "sobrecargo|sobretasa|mas|on top|se anade|se agrega|se agregan|premium of|bonus|encarece|"
    "penalty|penalizacion|recarga",
)
FREE = _phrases(
    "free|free of charge|no charge|at no cost|gratis|gratuito|gratuita|gratuitos|gratuitas|"
    "sin costo|sin coste|sin cargo|exento|exenta",
    "no hay multa|no hay cobro|no hay costo|no fee|no fine|no genera|no generan|sin multa|"
    "waived|no tiene costo|no se cobra|no paga|exempt|pays nothing|costs nothing|not charged|"
    "no cost|no pagan|nothing is charged",
)
MESSAGE = _phrases(
    "message|mensaje|says|say|shows|show|displays|display|muestra|indica|indicando|error|"
    "responde|respond|answers|told|texto|text|aviso|reads|saying|notice|warning|informa|dice|"
    "stating|leyenda|motivo|reason",
)
WHOLE = _phrases(
    "whole number|integer|integers|whole|entero|entera|enteros|enteras|sin decimales|"
    "no decimals|numero entero|full hours"
)
REQUIRED = _phrases(
    "se requieren|se requiere|son necesarios|se necesitan|se necesita|hace falta|are needed|is needed|must be supplied|"
    "debe indicarse|deben indicarse|son requeridos",
    "required|mandatory|obligatory|compulsory|obligatorio|obligatoria|obligatorios|"
    "obligatorias|requerido|requerida|requeridos",
    "cannot be empty|must not be empty|no puede estar vacio|no puede estar vacia|"
    "no puede quedar vacio|may not be empty|must be given",
    "can't be empty|no debe estar vacio|no debe estar vacia|must be present|"
    "must not be blank|imprescindible|necessary|no pueden estar vacios",
    "must be provided|se debe indicar|must be filled|may not be blank|cannot be blank|"
    "no puede ir vacio|not be left empty|no puede quedar vacia",
)
OPTIONAL = _phrases(
    "optional|opcional|opcionales|no es obligatorio|no es obligatoria|may be omitted|"
    "may be left empty|puede omitirse|not required|not mandatory|puede quedar vacio|"
    "puede estar vacio"
)
EMPTY = _phrases(
    "empty|blank|missing|vacio|vacia|vacios|falta|faltan|omitted|not given|no se indica|"
    "absent|not provided|sin diligenciar|left blank|is missing|en blanco"
)
EXCLUSIVE = _phrases(
    "exclusive|excluded|exclusivo|sin incluir|excluyendo|excluidos|not included|no incluidos|"
    "excluding|both excluded|ambos excluidos|no incluido|strictly|sin incluirlos|"
    "no inclusive|exclusivos"
)
ROUND = {
    "up": _phrases(
        "rounded up|round up|rounds up|hacia arriba|por exceso|al alza|upwards|rounding up|"
        "next whole|superior|siguiente entero|up to the next|upward"
    ),
    "down": _phrases(
        "rounded down|round down|rounds down|hacia abajo|por defecto|truncated|truncado|trunca|"
        "downwards|a la baja|rounding down|truncando|se truncan|descartando|inferior"
    ),
    "near": _phrases(
        "rounded|round|rounds|redondea|redondeado|redondeada|redondear|redondeo|rounding|nearest|"
        "redondean|redondeados|redondeadas|aproxima"
    ),
}
STARTED = _phrases(
    "or fraction|o fraccion|started|iniciada|iniciado|comenzada|comenzado|begun|or part|"
    "part thereof|empezada|empezado|iniciadas|fraccion|or part of|commenced|beginning|"
    "partial|any part|fraction|o parte"
)
BEYOND = _phrases(
    "additional|extra|adicional|adicionales|exceeding|excedente|beyond|above|over|further|"
    "que exceda|que supere|after|mas alla|en exceso|por encima|que sobrepase|excess|a partir|"
    "from|desde"
)
EACH = _phrases("per|for each|for every|each|every|por cada|cada|por|a|an|al|a la")


def at(words: list[str], i: int, phrases: Iterable[tuple[str, ...]]) -> int:
    """How many words at `i` make one of the phrases; 0: none."""
    best = 0
    here = tuple(_JOINED.get(word, word) for word in words[i : i + 8])
    for phrase in phrases:
        size = len(phrase)
        if size > best and (here[:size] == phrase or tuple(words[i : i + size]) == phrase):
            best = size
    return best


_JOINED = {"al": "a", "del": "de"}


def has(words: list[str], phrases: Iterable[tuple[str, ...]]) -> bool:
    """Whether one of the phrases is among the words."""
    known = tuple(phrases)
    return any(at(words, i, known) for i in range(len(words)))
