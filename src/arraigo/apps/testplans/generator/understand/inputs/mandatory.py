"""Which inputs must be given: "all four are mandatory", "nothing is optional", "the comment may be left out if ..."."""
# ruff: noqa: E501 - one pattern, one line

import re
from dataclasses import dataclass

_ALL = (
    r"(?:all|every|each|any|both|everything|none|nothing|neither|no|todos?|todas?|tod[oa]|cada|ambos|ambas|cualquier|nada|ningun[oa]?|"
    r"alguno?|alguna|the (?:four|three|two|five|six)|l[oa]s (?:dos|tres|cuatro|cinco|seis)|un|una|an?|con|if)"
)
_THINGS = (
    r"(?:(?:of (?:the|these|them|which)|of|l[oa]s|de (?:ellos|ellas|los|las)|the|four|three|two|five|six|dos|tres|cuatro|cinco|seis|"
    r"these|those|estos|estas|input|inputs|field|fields|campos?|datos?|items?|values?|valor(?:es)?|things|it|elements?|elementos?|"
    r"data|information|informacion|things|its|sus|them|which|anteriores?|above|siguientes|following|entries|parameters?|"
    r"parametros?|#\d+(?:~\w+)*) ?)*"
)
_GIVEN = (
    r"(?:mandatory|required|compulsory|needed|necessary|obligatory|obligatori[oa]s?|requerid[oa]s?|necesari[oa]s?|"
    r"(?:have|has|must|need|needs) (?:to )?be (?:there|given|present|stated|filled in|entered|provided|supplied)|"
    r"(?:must|may|can) ?not be (?:missing|left out|empty|blank|omitted)|deben? (?:diligenciarse|darse|indicarse|estar)|"
    r"son obligatorios|se deben (?:dar|indicar|diligenciar)|hay que dar)"
)
_MISSING = r"(?:missing|left out|optional|omitted|empty|blank|faltar?|falt[ae]n?|ausentes?|opcional(?:es)?|omitir(?:se)?|faltantes?|incomplet[oa]s?|vaci[oa]s?|lacking|absent)"
_EVERY = re.compile(
    rf"(?:^|[,;:(] ?|\b){_ALL} {_THINGS}(?:is|are|must|may|can|shall|have|has|es|son|debe|deben|seran?|estan?)? ?(?:all |todos |siempre )?{_GIVEN}"
)
_NONE = re.compile(
    rf"\b(?:none|nothing|neither|no|nada|ningun[oa]?) {_THINGS}(?:\w+ )?(?:is|are|may|can|must|es|son|puede|pueden|podra)? ?(?:be |ser |estar )?{_MISSING}"
)
_SOME = re.compile(
    rf"\b(?:if|when|si|cuando|with|con|where|any|an?|un|una|every|todo|toda|de) (?:\w+ ){{0,3}}?(?:any|one|some|algun[oa]?|datos?|campos?|fields?|data|values?|entries|it|them|of them|something|\w+)? ?"
    rf"(?:\w+ ){{0,2}}?(?:is |are |be |falte |falta )?{_MISSING}"
)
_WHOLLY = re.compile(
    r"^,? ?(?:todos|todas|all|both|ambos|ambas) (?:son |are |of them |of which )?(?:mandatory|required|obligatori[oa]s)"
)
_OPTIONAL = re.compile(
    r"\b(?:optional|opcional(?:es)?|not (?:required|mandatory|needed)|no (?:es|son) (?:obligatori[oa]s?|necesari[oa]s?)|"
    r"(?:may|can|need not|might) (?:also )?(?:be )?(?:given or )?(?:left out|omitted|left empty|left blank|empty|blank|missing)|"
    r"(?:is|are) (?:left )?optional|(?:se )?puede[n]? (?:omitir(?:se)?|quedar(?:se)? vaci[oa]s?|dejar(?:se)? (?:vaci[oa]s?|en blanco)|faltar|ir vaci[oa]s?|no darse|darse o no)|"
    r"can be given or left out|given or left out|if (?:any|there is one|given)|si (?:la|lo|los|las) (?:hay|tiene)|si aplica|de forma opcional|es voluntari[oa])\b"
)
_REQUIRED = re.compile(
    r"\b(?:mandatory|required|compulsory|obligatori[oa]s?|requerid[oa]s?|imprescindibles?|(?:must|may|can) ?not be (?:left out|missing|empty|blank|omitted)|"
    r"(?:must|has to|have to) be (?:given|entered|stated|present|there|filled in|provided)|no (?:puede|pueden|debe|deben) (?:faltar|omitirse|"
    r"(?:estar|quedar|ir|ser) (?:vaci[oa]s?|en blanco))|siempre hay que (?:decir|dar|indicar)|(?:se debe[n]?|hay que|debe[n]?) (?:siempre )?(?:dar|indicar(?:se)?|informar(?:se)?|diligenciar(?:se)?)|"
    r"must not be left out|is always (?:required|needed))\b"
)
_IF = re.compile(r"\b(?:if|when|unless|with|only|si|cuando|salvo|excepto|except|con|para|for|solo)\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`all`: of all inputs; `required`; `start`: where it is said; `conditional`: there is an if to it."""

    all: bool
    required: bool
    start: int
    end: int
    conditional: bool = False


def wanted(text: str, *, refusing: bool) -> Wanted | None:
    """What the text of a line says of inputs that are left out."""
    for pattern in (_EVERY, _NONE):
        if (match := pattern.search(text)) is not None:
            return Wanted(all=True, required=True, start=match.start(), end=match.end())
    if refusing and (match := _SOME.search(text)) is not None:
        return Wanted(all=True, required=True, start=match.start(), end=match.end())
    for pattern, required in ((_OPTIONAL, False), (_REQUIRED, True)):
        if (match := pattern.search(text)) is not None:
            rest = text[: match.start()] + text[match.end() :]
            return Wanted(
                all=False, required=required, start=match.start(), end=match.end(), conditional=bool(_IF.search(rest))
            )
    return None
