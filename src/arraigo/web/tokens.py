"""JSON Web Tokens (RFC 7519): the local secret, making tokens with it, and checking any token."""

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

from arraigo.errors import InvalidInput, Unavailable
from arraigo.settings import Settings
from arraigo.web.jwks import KeySet

LOCAL_ISSUER = "arraigo"

_SHORTEST_SECRET = 32  # RFC 7518, 3.2: as long as the hash
_LEEWAY_SECONDS = 5
_LONGEST_TOKEN = 8 * 1024
_LONGEST_SUBJECT = 255
_LONGEST_ISSUER = 500
_REASONS: Mapping[type[Exception], str] = {
    jwt.ExpiredSignatureError: "the token has expired",
    jwt.ImmatureSignatureError: "the token is not good yet",
    jwt.InvalidAudienceError: "the token is for another audience",
    jwt.InvalidIssuerError: "the token is from another issuer",
    jwt.InvalidSignatureError: "the token's signature is wrong",
}


class BadToken(Exception):
    """A token that is not taken; the text says why and may go to the caller."""


@dataclass(frozen=True)
class Claims:
    """What a good token says.

    Attributes:
        issuer: Who vouches for the subject: the `iss` claim.
        subject: Who it is, as that issuer calls them: the `sub` claim.
        expires: Seconds since 1970.
        employee_id: The seeds' claim of this name, where there is one.
        roles: What the issuer lets them do.
    """

    issuer: str
    subject: str
    expires: float
    employee_id: str | None
    roles: frozenset[str]


def secret(settings: Settings) -> str | None:
    """The secret of HS256 tokens: as set, or the one in the home, made at its first use; None with JWKS alone.

    Raises:
        InvalidInput: The file in the home is readable by others, or holds no secret.
        Unavailable: The home cannot be written or read.
    """
    if settings.jwt_secret or settings.jwks_url:
        return settings.jwt_secret
    path = settings.home / "jwt-secret"
    try:
        if not path.exists():
            _make_secret(path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InvalidInput(f"{path} is readable by others", remedy=f"run: chmod 600 {path}")
        found = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise Unavailable(
            f"the secret for tokens cannot be kept in {path}: {why.lower()}",
            remedy="make ARRAIGO_HOME writable, or set ARRAIGO_JWT_SECRET",
        ) from None
    if len(found) < _SHORTEST_SECRET:
        raise InvalidInput(
            f"{path} holds no secret of {_SHORTEST_SECRET} characters or more",
            remedy="delete it, and a new one is made",
        )
    return found


def _make_secret(path: Path) -> None:
    """Whole or not at all, and once: several processes may be the first at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its secret counts
            os.link(draft, path)
    finally:
        draft.unlink()


def issue(
    settings: Settings,
    user: str,
    *,
    hours: float = 12,
    employee: str | None = None,
    roles: Sequence[str] = (),
) -> str:
    """A token for a user of this installation, signed with its secret.

    Raises:
        InvalidInput: There is no secret to sign with (JWKS alone), or a value cannot stand in a token.
    """
    key = secret(settings)
    if key is None:
        raise InvalidInput(
            "tokens come from the issuer of ARRAIGO_JWKS_URL, so none can be made here",
            remedy="get one there, or set ARRAIGO_JWT_SECRET as well",
        )
    if not 0 < len(user) <= _LONGEST_SUBJECT or "\0" in user:
        raise InvalidInput(f"a user's name has 1 to {_LONGEST_SUBJECT} characters, this one has {len(user)}")
    now = time.time()
    if not 0 < hours <= 24 * 366:
        raise InvalidInput(f"a token cannot be good for {hours:g} hours", remedy="give 1 to 8784")
    claims: dict[str, Any] = {
        "iss": _secret_issuer(settings) or LOCAL_ISSUER,
        "sub": user,
        "iat": int(now),
        "exp": int(now + hours * 3600),
    }
    if settings.jwt_audience:
        claims["aud"] = settings.jwt_audience
    if employee:
        claims["employee_id"] = employee
    if roles:
        claims["roles"] = list(roles)
    return jwt.encode(claims, key, algorithm="HS256")


def _secret_issuer(settings: Settings) -> str | None:
    """Whose tokens the secret signs: with JWKS beside it, the configured issuer is that of the JWKS."""
    return LOCAL_ISSUER if settings.jwks_url else settings.jwt_issuer


class Verifier:
    """Checks tokens. The configuration says which algorithms and keys there are; a token only picks among them.

    Args:
        settings: The secret or the JWKS address, the issuer, the audience.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._secret = secret(settings)
        self._keys = KeySet(settings.jwks_url) if settings.jwks_url else None

    async def verify(self, token: str) -> Claims:
        """What a token says, if it is good.

        Raises:
            BadToken: It is not.
            Unavailable: The JWKS cannot be fetched.
        """
        if len(token) > _LONGEST_TOKEN:
            raise BadToken("the token is too long")
        try:
            header = jwt.get_unverified_header(token)
            key, algorithm, issuer = await self._key(header)
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._settings.jwt_audience,
                issuer=issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "sub"] + (["iss"] if algorithm != "HS256" else [])},
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
            raise BadToken(_reason(error)) from None
        if algorithm != "HS256" and claims["iss"] == LOCAL_ISSUER != issuer:
            raise BadToken("the token's issuer is the name of this installation itself")
        # Whoever has the secret speaks for this installation, whatever issuer the tokens are to carry.
        return _claims(claims, LOCAL_ISSUER if algorithm == "HS256" else claims["iss"])

    async def _key(self, header: dict[str, Any]) -> tuple[Any, str, str | None]:
        """The key, its own algorithm, and the issuer that goes with it."""
        algorithm = header.get("alg")
        if algorithm == "HS256" and self._secret is not None:
            return self._secret, "HS256", _secret_issuer(self._settings)
        if self._keys is None:
            raise BadToken("the token is not signed as this server wants")
        key = await self._keys.find(header.get("kid"))
        if key is None or key.algorithm_name != algorithm:
            raise BadToken("the token is not signed with a key of this server's issuer")
        return key.key, key.algorithm_name, self._settings.jwt_issuer


def _reason(error: Exception) -> str:
    """Why, without quoting the token."""
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"the token has no {error.claim} claim"
    return next((why for kind, why in _REASONS.items() if isinstance(error, kind)), "the token cannot be read")


def _claims(claims: dict[str, Any], issuer: Any) -> Claims:
    subject = claims["sub"]
    for value, longest in ((issuer, _LONGEST_ISSUER), (subject, _LONGEST_SUBJECT)):
        if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
            raise BadToken("the token's issuer or subject is no name")
    roles = claims.get("roles") or []
    roles = [roles] if isinstance(roles, str) else roles
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise BadToken("the token's roles are no list of names")
    employee = claims.get("employee_id")
    return Claims(
        issuer=issuer,
        subject=subject,
        expires=float(claims["exp"]),
        employee_id=str(employee) if employee is not None else None,
        roles=frozenset(roles),
    )
