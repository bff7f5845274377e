"""The OpenAPI description: what FastAPI finds, with the problems and the token beside it."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from arraigo.web.envelope import FailedEnvelope
from arraigo.web.problems import Problem

_ABOUT = """One durable home for what AI assistants remember.

Every request but health and documentation wants `Authorization: Bearer TOKEN`; `arraigo token --user NAME` prints one.
Errors are `application/problem+json`; below `/interviews` in the envelope that its clients know.
Times are UTC. What is somebody else's looks as if it did not exist; only an interview is a 403."""


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` the whole description, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way


def _description(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
    _restore_examples(found, app)
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in (Problem, FailedEnvelope):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    }
    return found


def _restore_examples(found: dict[str, Any], app: FastAPI) -> None:
    """Put the responses' examples back as they were written: FastAPI takes every null out of them."""
    for route in app.routes:
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        for method in route.methods or ():
            responses = found["paths"][route.path_format][method.lower()]["responses"]
            for status, response in route.responses.items():
                for media, content in response.get("content", {}).items():
                    kept = {name: content[name] for name in ("example", "examples") if name in content}
                    responses[str(status)]["content"][media] |= kept
