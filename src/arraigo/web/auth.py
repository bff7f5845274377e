"""Who is asking: every request but the public ones brings a token, and the token says who it is."""

import hashlib
import time
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from starlette.exceptions import HTTPException

from arraigo.settings import Settings
from arraigo.store import Store, UserStore
from arraigo.web.tokens import BadToken, Verifier

_CACHED_SECONDS = 60.0  # a user that is deactivated is out within this time
_MOST_CACHED = 10_000


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking.

    Attributes:
        user_id: The user in this store.
        username: The token's subject.
        roles: What the token's issuer lets them do.
        employee_id: The token's claim of this name.
    """

    user_id: UUID
    username: str
    roles: frozenset[str]
    employee_id: str | None


class Doorkeeper:
    """Turns an Authorization header into a Principal.

    Args:
        settings: Which tokens are good.
        store: Where their bearers are users; the first token of somebody makes one.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._verifier = Verifier(settings)
        self._store = store
        self._admitted: dict[bytes, tuple[float, Principal]] = {}

    async def admit(self, authorization: str | None) -> Principal:
        """Who brings this header.

        Raises:
            HTTPException: 401 without a good token; 403 for a user who has been deactivated.
            Unavailable: The database, or the issuer's keys, cannot be reached.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _refusal("send Authorization: Bearer and a token", "Bearer")
        key = hashlib.sha256(token.encode("latin-1", "replace")).digest()
        known = self._admitted.get(key)
        now = time.time()
        if known is not None and now < known[0]:
            return known[1]
        try:
            claims = await self._verifier.verify(token.strip())
        except BadToken as bad:
            raise _refusal(str(bad), f'Bearer error="invalid_token", error_description="{bad}"') from None
        user = await self._store.sign_in(provider=claims.issuer, subject=claims.subject, username=claims.subject)
        if not user.is_active:
            raise HTTPException(403, "this user has been deactivated")
        principal = Principal(user.id, claims.subject, claims.roles, claims.employee_id)
        if len(self._admitted) >= _MOST_CACHED:
            self._admitted.clear()
        self._admitted[key] = min(claims.expires, now + _CACHED_SECONDS), principal
        return principal


def _refusal(detail: str, challenge: str) -> HTTPException:
    return HTTPException(401, detail, {"WWW-Authenticate": challenge})


def caller(request: Request) -> Principal:
    """Who is asking, on a guarded route."""
    principal: Principal = request.state.caller
    return principal


def own_store(request: Request) -> UserStore:
    """The caller's own store. No dependency of FastAPI's: solving those costs more than an append's own work."""
    store: UserStore = request.app.state.store.for_user(caller(request).user_id)
    return store
