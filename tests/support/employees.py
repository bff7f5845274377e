"""Employees who are interviewed, and what they do over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx

ANA = "7d9f2c4e-1b3a-4c5d-8e6f-0a1b2c3d4e5f"
BEA = "11111111-2222-4333-8444-555555555555"


@dataclass(frozen=True)
class Employee:
    """Somebody with a client of their own."""

    client: httpx.AsyncClient

    async def start(self, **body: Any) -> dict[str, Any]:
        """Begin an interview; what is asked."""
        answer = await self.client.post("/interviews/start", json=body)
        assert answer.status_code == 201, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def say(self, interview: str, text: str, message_id: str | None = None) -> httpx.Response:
        """Answer the question that waits."""
        body = {"interview_id": interview, "user_response": text}
        return await self.client.post(
            "/interviews/continue", json=body | ({"message_id": message_id} if message_id else {})
        )

    async def read(self, interview: str) -> dict[str, Any]:
        """The interview with its messages."""
        answer = await self.client.get(f"/interviews/{interview}")
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data
