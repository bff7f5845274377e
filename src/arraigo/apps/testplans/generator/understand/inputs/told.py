"""Messages that follow a declaration: "Otherwise it is refused with ...", "Any other value gets ...", "A wrong code: ..."."""
# ruff: noqa: E501 - one pattern, one line

import re

_OTHER = re.compile(
    r"^(?:(?:otherwise|else|si no se (?:aporta|indica|da|presenta|incluye|cumple)|without it|sin ell?[oa]?|if (?:it is )?(?:missing|not given|left out)|si no(?= ,| se (?:rechaza|muestra|informa)| el sistema| es asi)|de lo contrario|en caso contrario|en otro caso|if not|any other|every other|all other|other|another|"
    r"cualquier otr[oa]|otr[oa]s?|an? (?:wrong|invalid|incorrect)|un[a]? \w+ (?:incorrect[oa]|invalid[oa]|errone[oa]|que no)|wrong|invalid|"
    r"(?:(?:an?|un|una|el|la|los|las|the|all|any) )?[^,#@]{0,40}(?:another (?:form|format)|wrong|invalid|not (?:valid|of this form|in this form)|outside|"
    r"no tiene (?:esa|esta) forma|otra forma|otro formato|no valid[oa]|distint[oa]|fuera)|with (?:anything|any) (?:else|other)|"
    r"anything else|whatever else|lo demas|un valor (?:fuera|distinto|que no))\b)"
)
_QUOTE = re.compile(r"@\d+")


def otherwise(text: str) -> bool:
    """Whether the line is about the statement before it."""
    return (
        re.match(
            r"(?:otherwise|else|si no|de lo contrario|en caso contrario|en otro caso|if not|if it is|without it|sin ell?)\b",
            text,
        )
        is not None
    )


def follows(text: str) -> str:
    """The mark of the message, where the line tells what is said of anything but what was declared; else nothing."""
    quotes = _QUOTE.findall(text)
    if len(quotes) != 1 or not _OTHER.match(text) or re.search(r"#\d", text):
        return ""
    return str(quotes[0])
