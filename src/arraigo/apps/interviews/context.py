"""The service that knows the employees: asked whether one exists, when CONTEXT_SERVICE_URL says where it is."""

import asyncio
from http import HTTPStatus
from uuid import UUID

import httpx

from arraigo.errors import NotFound, Unavailable

TIMEOUT_SECONDS = 3.0
TRIES = 3
_PAUSE_SECONDS = 0.2  # before the second try; twice that before the third


class ContextAway(Unavailable):
    """The service cannot be asked. What this says may go to the caller."""


class ContextService:
    """Somebody to ask about employees: `GET {url}/employees/{id}`, 200 for those who exist and 404 for the others.

    Args:
        url: Where it is; with "{employee_id}" in it, that is the whole address.
    """

    def __init__(self, url: str) -> None:
        self._address = url if "{employee_id}" in url else f"{url.rstrip('/')}/employees/{{employee_id}}"

    async def check(self, employee: UUID) -> None:
        """Make sure that there is this employee.

        Raises:
            NotFound: There is none.
            ContextAway: The service cannot be asked, or says neither.
        """
        why = ""
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            for attempt in range(TRIES):
                await asyncio.sleep(_PAUSE_SECONDS * attempt)
                try:
                    answer = await client.get(self._address.replace("{employee_id}", str(employee)))
                except httpx.HTTPError as error:
                    why = type(error).__name__
                    continue
                if answer.is_success:
                    return
                if answer.status_code == HTTPStatus.NOT_FOUND:
                    raise NotFound(f"the context service knows no employee {employee}", safe="nothing was stored")
                why = f"status {answer.status_code}"
                if not answer.is_server_error:
                    break
        raise ContextAway(
            f"the context service could not be asked about the employee: {why}",
            safe="nothing was stored",
            remedy="try again in a while",
        )
