"""The documentation page: the OpenAPI description as one HTML page that loads nothing from anywhere else."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from arraigo.web.problems import KINDS, slug
from arraigo.web.routing import answer

_STYLE = files(__package__).joinpath("docs.css").read_text(encoding="utf-8")
_SCRIPT = files(__package__).joinpath("docs.js").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


_POLICY = (
    f"default-src 'none'; style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def mount(app: FastAPI) -> None:
    """Serve /docs and /openapi.json."""

    @app.get("/openapi.json", include_in_schema=False)
    async def description() -> Response:
        return answer(app.openapi())

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page(app.openapi()), headers={"Content-Security-Policy": _POLICY})


class _Body(NamedTuple):
    """A request's body, as curl's arguments and as inputs of the page."""

    curl: str
    inputs: str


_NO_BODY = _Body("", "")


def page(description: Mapping[str, Any]) -> str:
    """The page for an OpenAPI description.

    Args:
        description: OpenAPI 3.1, with examples at the media types.
    """
    info = description["info"]
    schemas = description["components"]["schemas"]
    about = "".join(f"<p>{escape(part)}</p>" for part in info["description"].split("\n\n"))
    operations = [
        (path, method, operation) for path, item in description["paths"].items() for method, operation in item.items()
    ]
    sections = "".join(
        f"<h2>{escape(tag)}</h2>" + "".join(_operation(*entry, schemas) for entry in group)
        for tag, group in groupby(operations, key=lambda entry: entry[2]["tags"][0])
    )
    problems = "".join(
        f"<dt id={slug(status)}>{status} {escape(name)}</dt><dd>{escape(meaning)}</dd>"
        for status, (name, meaning) in KINDS.items()
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width,initial-scale=1">'
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style>"
        f"<main><h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>{about}"
        "<label>Token, for Try it (kept in this page only): "
        "<input id=token type=password autocomplete=off></label>"
        ' <a href="openapi.json">openapi.json</a>'
        f"{sections}<h2>Problems</h2><dl>{problems}</dl></main><script>{_SCRIPT}</script></html>"
    )


def _operation(path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    parameters = operation.get("parameters", [])
    bodies = list(_examples(operation.get("requestBody", {})))
    form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    body = _form(form) if form else _json(bodies[0][1]) if bodies else _NO_BODY
    rows = "".join(_row(p["name"], p["in"], p["schema"], p.get("description", "")) for p in parameters)
    rows += "".join(_row(*field) for field in _fields(operation, schemas))
    parts = [
        f"<p>{escape(operation.get('description', ''))}</p>",
        f"<table><tr><th>name<th>in<th>kind<th>meaning{rows}</table>" if rows else "",
        "".join(f"<h4>{escape(name)}</h4><pre>{escape(text)}</pre>" for name, text in bodies),
        f"<h4>With curl</h4><pre>{escape(_curl(path, method, parameters, body))}</pre>",
        _try_it(path, method, parameters, body),
        "".join(_response(*response) for response in sorted(operation["responses"].items())),
    ]
    return (
        f"<details id={escape(operation['operationId'])}><summary><b class={method}>{method.upper()}</b> "
        f"<code>{escape(path)}</code> {escape(operation.get('summary', ''))}</summary>{''.join(parts)}</details>"
    )


def _fields(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, str]]:
    """The fields of a body, of each variant it may have."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = media["schema"]
        for variant in schema.get("oneOf", [schema]):
            model = schemas[variant["$ref"].rpartition("/")[2]] if "$ref" in variant else variant
            for name, field in model["properties"].items():
                needed = "required. " if name in model.get("required", []) else ""
                yield name, "body", field, needed + field.get("description", "")


def _row(name: str, where: str, schema: Mapping[str, Any], meaning: str) -> str:
    return f"<tr><td><code>{escape(name)}</code><td>{where}<td>{escape(_kind(schema))}<td>{escape(meaning)}"


def _kind(schema: Mapping[str, Any]) -> str:
    """A parameter's schema in a few words: "integer, 1 to 200, default 50"."""
    options = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    words = [" or ".join(kind.get("format", kind.get("type", "string")) for kind in options)]
    for kind in options:
        if "enum" in kind:
            words.append(", ".join(kind["enum"]))
        if "minimum" in kind or "maximum" in kind:
            words.append(f"{kind.get('minimum', '')} to {kind.get('maximum', '')}")
        if "maxLength" in kind:
            words.append(f"at most {kind['maxLength']} characters")
    if schema.get("default") is not None:
        words.append(f"default {schema['default']}")
    return ", ".join(words)


def _examples(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The examples of a request or a response, each with its name, as text."""
    for media in content.get("content", {}).values():
        if "example" in media:
            yield "Body", _text(media["example"])
        for example in media.get("examples", {}).values():
            yield "Body" + (f": {example['summary']}" if "summary" in example else ""), _text(example["value"])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _filled(path: str, parameters: list[dict[str, Any]]) -> str:
    for parameter in parameters:
        if parameter["in"] == "path":
            example = next(iter(parameter["examples"].values()))["value"]
            path = path.replace("{" + parameter["name"] + "}", str(example))
    return path


def _json(text: str) -> _Body:
    flat = orjson.dumps(orjson.loads(text)).decode().replace("'", "'\\''")
    return _Body(f"-H 'Content-Type: application/json' -d '{flat}'", f"<textarea rows=8>{escape(text)}</textarea>")


def _form(media: Mapping[str, Any]) -> _Body:
    """A form with a file, field by field."""
    [example] = media["examples"].values()
    arguments, inputs = [], []
    for name, field in media["schema"]["properties"].items():
        is_file = field.get("format") == "binary"
        value = "" if is_file else str(example["value"][name])
        arguments.append(f"-F '{name}={'@FILE' if is_file else value}'")
        kind = " type=file" if is_file else f' value="{escape(value)}"'
        inputs.append(f'<label>{escape(name)} <input data-field="{escape(name)}"{kind}></label>')
    return _Body(" ".join(arguments), "".join(inputs))


def _curl(path: str, method: str, parameters: list[dict[str, Any]], body: _Body) -> str:
    return " \\\n  ".join(
        [
            f"curl -X {method.upper()} http://127.0.0.1:8080{_filled(path, parameters)}",
            '-H "Authorization: Bearer $TOKEN"',
            *([body.curl] if body.curl else []),
        ]
    )


def _try_it(path: str, method: str, parameters: list[dict[str, Any]], body: _Body) -> str:
    return (
        f"<form data-method={method.upper()}><h4>Try it</h4>"
        f'<input name=path value="{escape(_filled(path, parameters))}">{body.inputs}'
        "<button>Send</button><output></output></form>"
    )


def _response(status: str, response: Mapping[str, Any]) -> str:
    if int(status) in KINDS:
        return f'<p><a href="#{slug(int(status))}">{status} {escape(KINDS[int(status)][0])}</a></p>'
    shown = "".join(f"<pre>{escape(text)}</pre>" for _, text in _examples(response))
    return f"<h4>Answers {status}</h4>{shown}"
