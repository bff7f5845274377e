"""The public keys of an issuer (RFC 7517), fetched off the event loop, kept a while, fetched again when they rotate."""

import asyncio
import time
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import jwt
import orjson
import structlog

from arraigo.errors import Unavailable

ALGORITHMS = frozenset({"RS256", "ES256", "EdDSA"})

_FRESH_SECONDS = 600.0  # then a key that the issuer has withdrawn is gone here, too
_STALE_SECONDS = 3600.0  # how long keys serve while the issuer cannot be reached
_RETRY_SECONDS = 10.0  # between two fetches, however many tokens name unknown keys
_FETCH_SECONDS = 5.0
_MOST_BYTES = 1024 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_log = structlog.get_logger()


class _NoRedirects(HTTPRedirectHandler):
    """A redirect might lead from https to http, or into the private network."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Do not follow: the 3xx becomes an error."""


class KeySet:
    """The keys behind one address.

    Args:
        url: https, or http on loopback.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched = self._tried = -_STALE_SECONDS
        self._lock = asyncio.Lock()

    async def find(self, kid: object) -> jwt.PyJWK | None:
        """The key of that id; without an id, the only key there is; None where there is no such key.

        Raises:
            Unavailable: The keys cannot be fetched and there are none from before.
        """
        now = time.monotonic()
        if now - self._fetched > _FRESH_SECONDS or not self._known(kid):
            async with self._lock:
                await self._refresh(kid)
        return self._known(kid)

    def _known(self, kid: object) -> jwt.PyJWK | None:
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid) if isinstance(kid, str) else None

    async def _refresh(self, kid: object) -> None:
        now = time.monotonic()
        fresh = now - self._fetched <= _FRESH_SECONDS
        if fresh and self._known(kid):
            return  # another request fetched them while this one waited
        if now - self._tried > _RETRY_SECONDS:
            self._tried = now
            try:
                self._keys = await asyncio.to_thread(_fetch, self._url)
                self._fetched = now
            except (OSError, HTTPException, ValueError) as error:
                _log.warning("jwks not fetched", error=type(error).__name__)
        if now - self._fetched > _STALE_SECONDS:
            self._keys = {}
            raise Unavailable("the issuer's keys (ARRAIGO_JWKS_URL) cannot be fetched")


def _fetch(url: str) -> dict[str | None, jwt.PyJWK]:
    """The keys at an address, by id.

    Raises:
        OSError: It cannot be reached, or answers with an error.
        ValueError: What it answers is no key set.
    """
    handlers = [ProxyHandler({})] if urlsplit(url).hostname in _LOOPBACK else []
    opener = build_opener(_NoRedirects, *handlers)
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 - settings let https and loopback in only
    with opener.open(request, timeout=_FETCH_SECONDS) as answer:
        data = answer.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError("the key set is larger than 1 MiB")
    found = orjson.loads(data)
    entries = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise ValueError("there is no key set")  # noqa: TRY004 - what came is wrong, not what was passed
    keys: dict[str | None, jwt.PyJWK] = {}
    for entry in entries:
        key = _key(entry)
        if key is not None:
            keys[key.key_id] = key
    return keys


def _key(entry: Any) -> jwt.PyJWK | None:
    """A public key for signatures; None for secrets ("oct"), encryption keys, and what is not understood."""
    if not isinstance(entry, dict) or entry.get("kty") == "oct" or entry.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK(entry)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return key if key.algorithm_name in ALGORITHMS else None
