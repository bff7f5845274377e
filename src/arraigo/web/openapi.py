"""The OpenAPI description: what FastAPI finds, with the problems and the token beside it."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from arraigo.web.problems import Problem

_ABOUT = """One durable home for what AI assistants remember.

Every request but health and documentation wants `Authorization: Bearer TOKEN`; `arraigo token --user NAME` prints one.
Errors are `application/problem+json`. Times are UTC. What is somebody else's looks as if it did not exist."""


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` the whole description, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way


def _description(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {})
    schemas["Problem"] = schema
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    }
    return found
