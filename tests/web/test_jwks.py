import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from arraigo.errors import Unavailable
from arraigo.settings import Settings
from arraigo.web import jwks
from arraigo.web.tokens import BadToken, Verifier, issue
from support.http import SECRET

KEYS: dict[str, Any] = {
    "RS256": rsa.generate_private_key(65537, 2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
ISSUER = "https://login.example.com"


def public(name: str, kid: str | None = None, **more: str) -> dict[str, Any]:
    key = KEYS[name].public_key()
    found: dict[str, Any] = jwt.get_algorithm_by_name(name).to_jwk(key, as_dict=True)
    found.pop("key_ops", None)
    return found | ({"kid": kid or name} if kid != "" else {}) | more


def token(name: str, kid: str | None = None, key: Any = None, algorithm: str | None = None, **changes: Any) -> str:
    claims = {"iss": ISSUER, "sub": "ana", "exp": time.time() + 3600} | changes
    claims = {claim: value for claim, value in claims.items() if value is not None}
    return jwt.encode(claims, key or KEYS[name], algorithm=algorithm or name, headers={"kid": kid or name})


class Issuer:
    """A real HTTP server with a key set that tests change."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = [public(name) for name in KEYS]
        self.body: bytes | None = None
        self.status = 200
        self.asked = 0
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked += 1
                body = json.dumps({"keys": issuer.keys}).encode() if issuer.body is None else issuer.body
                self.send_response(issuer.status)
                self.send_header("Content-Length", str(len(body)))
                if 300 <= issuer.status < 400:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/jwks.json"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """End it."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    found = Issuer()
    yield found
    found.close()


@pytest.fixture
def verifier(issuer: Issuer, tmp_path: Path) -> Verifier:
    return Verifier(Settings(home=tmp_path, jwks_url=issuer.url, jwt_issuer=ISSUER))


@pytest.mark.parametrize("name", KEYS)
async def test_a_token_of_the_issuer_is_good(verifier: Verifier, name: str) -> None:
    claims = await verifier.verify(token(name))
    assert (claims.issuer, claims.subject) == (ISSUER, "ana")


async def test_the_public_key_is_no_secret_to_sign_with(verifier: Verifier) -> None:
    pem = KEYS["RS256"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, payload, _ = token("RS256").split(".")
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "RS256"}).encode()).decode()
    import hashlib
    import hmac

    signature = hmac.digest(pem, f"{head}.{payload}".encode(), hashlib.sha256)
    forged = f"{head}.{payload}.{jwt.utils.base64url_encode(signature).decode()}"
    with pytest.raises(BadToken, match="not signed with a key"):
        await verifier.verify(forged)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (token("RS256", key=rsa.generate_private_key(65537, 2048)), "signature"),
        (token("RS256", kid="ES256"), "not signed with a key"),
        (token("RS256", kid="unknown"), "not signed with a key"),
        (token("RS256", algorithm="RS512"), "not signed with a key"),
        (token("RS256", algorithm="PS256"), "not signed with a key"),
        (token("RS256", exp=time.time() - 60), "expired"),
        (token("RS256", iss="https://evil.example.com"), "another issuer"),
        (token("RS256", iss=None), "no iss"),
        (token("RS256", aud="others"), "another audience"),
        (jwt.encode({"sub": "ana", "exp": 9e9}, "", algorithm="none"), "not signed with a key"),
        (jwt.encode({"sub": "ana", "exp": 9e9}, SECRET, algorithm="HS256"), "not signed with a key"),
    ],
)
async def test_a_token_that_is_not_the_issuers_is_refused(verifier: Verifier, bad: str, why: str) -> None:
    with pytest.raises(BadToken, match=why):
        await verifier.verify(bad)


async def test_a_key_that_is_rotated_in_is_found_and_one_rotated_out_is_gone(
    issuer: Issuer, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.keys = [public("RS256")]
    await verifier.verify(token("RS256"))
    monkeypatch.setattr(jwks, "_RETRY_SECONDS", 0.0)
    issuer.keys = [public("ES256")]
    await verifier.verify(token("ES256"))
    with pytest.raises(BadToken):
        await verifier.verify(token("RS256"))


async def test_unknown_key_ids_do_not_make_a_fetch_each(issuer: Issuer, verifier: Verifier) -> None:
    for n in range(20):
        with pytest.raises(BadToken):
            await verifier.verify(token("RS256", kid=f"guess-{n}"))
    assert issuer.asked == 1


async def test_keys_serve_on_while_the_issuer_is_away_but_not_for_ever(
    issuer: Issuer, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await verifier.verify(token("RS256"))
    issuer.status = 500
    monkeypatch.setattr(jwks, "_RETRY_SECONDS", 0.0)
    monkeypatch.setattr(jwks, "_FRESH_SECONDS", -1.0)
    await verifier.verify(token("RS256"))
    assert issuer.asked == 2
    monkeypatch.setattr(jwks, "_STALE_SECONDS", -1.0)
    with pytest.raises(Unavailable):
        await verifier.verify(token("RS256"))


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (302, b""), (200, b"not json"), (200, b"[]"), (200, b'{"keys": 1}'), (200, b" " * (1024 * 1024 + 1))],
)
async def test_without_any_keys_it_is_the_server_that_cannot_answer(
    issuer: Issuer, verifier: Verifier, status: int, body: bytes
) -> None:
    issuer.status, issuer.body = status, body
    with pytest.raises(Unavailable, match="ARRAIGO_JWKS_URL"):
        await verifier.verify(token("RS256"))
    assert issuer.asked == 1


async def test_an_issuer_that_is_not_there_is_unavailable(issuer: Issuer, verifier: Verifier) -> None:
    issuer.close()
    with pytest.raises(Unavailable):
        await verifier.verify(token("RS256"))


async def test_keys_for_other_uses_are_left_out(issuer: Issuer, verifier: Verifier) -> None:
    secret = {"kty": "oct", "kid": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ"}
    issuer.keys = [secret, {"kty": "?"}, "x", public("RS256", use="enc"), public("ES256")]  # type: ignore[list-item]
    await verifier.verify(token("ES256"))
    with pytest.raises(BadToken):
        await verifier.verify(token("RS256"))
    with pytest.raises(BadToken):
        await verifier.verify(
            jwt.encode(
                {"iss": ISSUER, "sub": "ana", "exp": 9e9},
                "secret-secret-secret-secret-1234",
                algorithm="HS256",
                headers={"kid": "oct"},
            )
        )


async def test_the_only_key_needs_no_name(issuer: Issuer, verifier: Verifier) -> None:
    issuer.keys = [public("ES256", kid="")]
    claims = {"iss": ISSUER, "sub": "ana", "exp": time.time() + 60}
    await verifier.verify(jwt.encode(claims, KEYS["ES256"], algorithm="ES256"))


async def test_a_secret_beside_it_signs_for_this_installation_alone(issuer: Issuer, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, jwt_secret=SECRET, jwks_url=issuer.url, jwt_issuer=ISSUER)
    both = Verifier(settings)
    assert (await both.verify(issue(settings, "ana"))).issuer == "arraigo"
    assert (await both.verify(token("RS256"))).issuer == ISSUER
    with pytest.raises(BadToken, match="another issuer"):
        await both.verify(jwt.encode({"iss": ISSUER, "sub": "ana", "exp": 9e9}, SECRET, algorithm="HS256"))


async def test_an_issuer_cannot_call_itself_this_installation(issuer: Issuer, tmp_path: Path) -> None:
    open_to_any = Verifier(Settings(home=tmp_path, jwks_url=issuer.url))
    with pytest.raises(BadToken, match="this installation itself"):
        await open_to_any.verify(token("RS256", iss="arraigo"))
