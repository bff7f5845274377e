"""API Gateway: requests as the events that it sends to Lambda, and what it makes of the answers."""

import base64
import copy
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import httpx

from arraigo.lambda_handler import handler

_EVENTS = Path(__file__).parent.parent / "lambda_events"


@dataclass
class Context:
    """An invocation that has so many seconds left."""

    seconds: float = 29.0
    function_name: str = "arraigo"
    aws_request_id: str = "00000000-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """As Lambda's own."""
        return round(self.seconds * 1000)


@dataclass
class Gateway:
    """One API.

    Attributes:
        kind: Which of its three forms events have: `rest`, `http` (payload 2.0), `http-1.0`.
        root: What stands before the paths: of a REST API what a custom domain maps to it, of an HTTP API its stage.
    """

    kind: str = "rest"
    root: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    context: Context = field(default_factory=Context)

    def event(self, method: str, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        """The event of a request."""
        event: dict[str, Any] = copy.deepcopy(json.loads((_EVENTS / f"{self.kind}.json").read_text(encoding="utf-8")))
        path, _, query = path.partition("?")
        here, context = self.root + unquote(path), event["requestContext"]
        del event["headers"]["Authorization" if "Authorization" in event["headers"] else "authorization"]
        text = headers.get("Content-Type", "application/json").startswith(("application/json", "text/"))
        event["isBase64Encoded"] = not text
        event["body"] = body.decode() if text else base64.b64encode(body).decode()
        if self.kind == "http":
            event["headers"] |= {name.lower(): value for name, value in headers.items()}
            event |= {"rawPath": here, "rawQueryString": query}
            context["http"] |= {"method": method, "path": here}
            if self.root:
                context["stage"] = self.root.strip("/")
            if not body:
                del event["body"]
            return event
        event["headers"] |= headers
        event["multiValueHeaders"] = {name: [value] for name, value in event["headers"].items()}
        event |= {"httpMethod": method, "path": here, "body": event["body"] or None}
        if self.kind == "rest":
            event["pathParameters"] = {"proxy": unquote(path).lstrip("/")}
        if query:
            pairs = parse_qsl(query, keep_blank_values=True)
            event["queryStringParameters"] = dict(pairs)
            event["multiValueQueryStringParameters"] = {name: [v for n, v in pairs if n == name] for name, _ in pairs}
        context |= {"httpMethod": method, "path": f"/{context['stage']}{here}"}
        return event

    def ask(self, method: str, path: str, status: int = 200, **sent: Any) -> httpx.Response:
        """What the client gets, which has this status; `params`, `json` and `files` as httpx takes them."""
        request = httpx.Request(method, f"https://api.example.com{path}", **sent)
        headers = {name.title(): value for name, value in request.headers.items() if name != "host"}
        if request.url.query and "?" not in path:
            path = f"{path}?{urlencode(request.url.params.multi_items())}"
        answer = handler(self.event(method, path, headers | self.headers, request.read()), self.context)
        json.dumps(answer)  # which Lambda does with it
        body = answer.get("body") or ""
        data = base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()
        found = dict(answer.get("headers") or {})
        found |= {name: ", ".join(values) for name, values in (answer.get("multiValueHeaders") or {}).items()}
        assert answer["statusCode"] == status, data[:500]
        return httpx.Response(status, headers=found, content=data, request=request)
