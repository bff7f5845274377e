"""LaTeX inside a text to plain characters, the figures ready to be read: `$10^{3}$` is 1000."""
# ruff: noqa: RUF001 - signs and dashes as documents write them

import re

_SIGNS = {
    "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "lt": "<", "gt": ">",
    "neq": "≠", "ne": "≠", "approx": "≈", "equiv": "≡", "times": "×", "cdot": "×", "div": "÷", "pm": "±", "mp": "∓",
    "to": "→", "rightarrow": "→", "longrightarrow": "→", "Rightarrow": "⇒", "implies": "⇒", "leftarrow": "←",
    "leftrightarrow": "↔", "iff": "⇔", "in": "∈", "notin": "∉", "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨",
    "neg": "¬", "lnot": "¬", "ldots": "…", "dots": "…", "cdots": "…", "infty": "∞", "sum": "∑", "sqrt": "√",
    "alpha": "α", "beta": "β", "delta": "δ", "Delta": "Δ", "epsilon": "ε", "lambda": "λ", "mu": "μ", "pi": "π",
    "sigma": "σ", "degree": "°", "circ": "°", "euro": "€", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
    "quad": " ", "qquad": " ", "min": "min", "max": "max", "percent": "%",
}  # fmt: skip
# What only says how its argument looks.
_LOOKS = r"text|textbf|textit|texttt|textrm|textsf|mathrm|mathbf|mathit|mathsf|mathtt|operatorname|mbox|emph|underline"

# As Pandoc tells mathematics from money: no space inside the signs, no digit after the closing one.
_DOLLARS = re.compile(r"(?<![\\$\w])(\$\$?)(?=\S)([^$\n]{1,500}?)(?<=[^\s\\])\1(?![\d$])")
_DISPLAY = re.compile(r"\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]", re.DOTALL)
_MATHEMATICAL = re.compile(r"[\\^_=<>≤≥≠×+]|^[a-zA-Z]{1,3}$|^[\d.,\s]+$")
_STYLED = re.compile(rf"\\(?:{_LOOKS})\s*\{{([^{{}}]*)\}}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}")
_SIZED = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)\s*(?=[\[\](){}|.\\])\.?")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?[ ]?")
_POWER = re.compile(
    r"(?<![\w^])(?:(\d+(?:[.,]\d+)?)\s*[×x·*]\s*)?10\s*\^\s*(?:\{\s*(-?\d{1,2})\s*\}|(-?\d{1,2})(?!\d))"
)
_RAISED = re.compile(r"\^\s*\{([^{}]*)\}")
_LOWERED = re.compile(r"_\s*\{([^{}]*)\}")
_LARGEST = 15


def plain(text: str) -> str:
    """The text with its mathematics in plain characters; amounts of money in dollars stay as they are."""
    if "$" in text:
        text = _DOLLARS.sub(_if_mathematical, text)
    if "\\" in text:
        text = _DISPLAY.sub(lambda found: found.group(1) or found.group(2), text)
        text = _without_commands(text)
    if "^" in text:
        text = _RAISED.sub(r"^\1", _POWER.sub(_power, text))
    return _LOWERED.sub(r"_\1", text) if "_" in text else text


def _if_mathematical(found: re.Match[str]) -> str:
    inner = found.group(2)
    return _without_commands(inner, inside=True) if _MATHEMATICAL.search(inner) else found.group(0)


def _without_commands(text: str, *, inside: bool = False) -> str:
    text = re.sub(r"\\([%$&#_{}])", r"\1", text.replace("\\\\", " "))
    for pattern, by in ((_ENVIRONMENT, " "), (_SIZED, ""), (re.compile(r"\\[,;:! ]"), " ")):
        text = pattern.sub(by, text)
    for _ in range(8):  # from the inside out
        before = text
        text = _FRACTION.sub(_fraction, _STYLED.sub(r"\1", text))
        if text == before:
            break
    text = _COMMAND.sub(_sign, text)
    if inside:
        text = re.sub(r"\\([A-Za-z]+)", r"\1", text)  # a function's name
        text = re.sub(r"\{([.,])\}", r"\1", text)
        text = re.sub(r"(?<![\^_])\{([^{}]*)\}", r"\1", text)
    return text


def _fraction(found: re.Match[str]) -> str:
    above, below = (part if re.fullmatch(r"[\w.,]+", part) else f"({part})" for part in found.groups())
    return f"{above}/{below}"


def _sign(found: re.Match[str]) -> str:
    name = found.group(1)
    if name in _SIGNS:
        return f" {_SIGNS[name]} " if _SIGNS[name] in "≤≥<>≠≈≡×÷→⇒←↔⇔∈∉∧∨" else _SIGNS[name]
    return found.group(0)


def _power(found: re.Match[str]) -> str:
    """A factor and a power of ten, 5 and 10^{3}, as 5000; what has no whole value, or a huge one, as a power."""
    factor, braced, bare = found.groups()
    exponent = int(braced if braced is not None else bare)
    places = len(re.split("[.,]", factor)[1]) if factor and re.search("[.,]", factor) else 0
    if not places <= exponent <= _LARGEST:
        return f"{factor} × 10^{exponent}" if factor else f"10^{exponent}"
    return str(int(re.sub("[.,]", "", factor or "1")) * 10 ** (exponent - places))
