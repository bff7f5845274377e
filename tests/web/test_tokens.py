import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jwt
import pytest

from arraigo.errors import InvalidInput, Unavailable
from arraigo.settings import Settings
from arraigo.web.tokens import BadToken, Verifier, issue, secret
from support.http import SECRET


def settings_of(home: Path, **changes: Any) -> Settings:
    return Settings(home=home, **{"jwt_secret": SECRET, **changes})


def signed(key: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {"iss": "arraigo", "sub": "ana", "exp": time.time() + 3600} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm=algorithm)


async def test_a_token_of_ours_says_who_it_is(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    token = issue(settings, "ana", hours=1, employee="0b8d2f5e-1c1f-4c36-9a55-0d4b5ad9d7c1", roles=["admin"])
    claims = await Verifier(settings).verify(token)
    assert (claims.issuer, claims.subject, claims.roles) == ("arraigo", "ana", frozenset({"admin"}))
    assert claims.employee_id == "0b8d2f5e-1c1f-4c36-9a55-0d4b5ad9d7c1"
    assert 3590 < claims.expires - time.time() < 3610


async def test_a_token_without_an_issuer_is_of_this_installation(tmp_path: Path) -> None:
    assert (await Verifier(settings_of(tmp_path)).verify(signed(iss=None))).issuer == "arraigo"


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (signed(exp=time.time() - 60), "expired"),
        (signed(exp=None), "no exp"),
        (signed(sub=None), "no sub"),
        (signed(sub=""), "no name"),
        (signed(sub="a\0b"), "no name"),
        (signed(sub="x" * 256), "no name"),
        (signed(nbf=time.time() + 3600), "not good yet"),
        (signed(aud="others"), "another audience"),
        (signed(key="another-secret-that-is-long-enough-too"), "signature"),
        (signed(key="", algorithm="none"), "not signed as this server wants"),
        (signed(key=SECRET * 2, algorithm="HS512"), "not signed as this server wants"),
        (signed(roles=[1]), "roles"),
        (signed(roles={"admin": True}), "roles"),
        (signed()[:-2], "cannot be read"),
        ("", "cannot be read"),
        ("a.b.c", "cannot be read"),
        ("x" * 9000, "too long"),
    ],
)
async def test_a_bad_token_is_refused_with_its_reason(tmp_path: Path, token: str, why: str) -> None:
    with pytest.raises(BadToken, match=why):
        await Verifier(settings_of(tmp_path)).verify(token)


@pytest.mark.parametrize("expires", ["soon", [1], {"a": 1}, True, 1e308, float("inf")])
async def test_an_expiry_that_is_no_time_is_refused(tmp_path: Path, expires: Any) -> None:
    import orjson  # PyJWT itself would not make such a token

    header, _, _ = signed().split(".")
    payload = jwt.utils.base64url_encode(
        b'{"sub":"ana","exp":Infinity}' if expires == float("inf") else orjson.dumps({"sub": "ana", "exp": expires})
    )
    signing = header.encode() + b"." + payload
    algorithm = jwt.get_algorithm_by_name("HS256")
    signature = algorithm.sign(signing, algorithm.prepare_key(SECRET))
    token = (signing + b"." + jwt.utils.base64url_encode(signature)).decode()
    if expires == 1e308:
        assert (await Verifier(settings_of(tmp_path)).verify(token)).subject == "ana"
        return
    with pytest.raises(BadToken):
        await Verifier(settings_of(tmp_path)).verify(token)


async def test_issuer_and_audience_are_checked_where_they_are_set(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, jwt_issuer="https://login.example.com", jwt_audience="memory")
    token = issue(settings, "ana")
    assert jwt.decode(token, options={"verify_signature": False})["iss"] == "https://login.example.com"
    assert (await Verifier(settings).verify(token)).issuer == "arraigo"  # as move and store.as_user call her
    with pytest.raises(BadToken, match="another issuer"):
        await Verifier(settings).verify(signed(aud="memory"))
    with pytest.raises(BadToken, match="no aud"):
        await Verifier(settings).verify(signed(iss="https://login.example.com"))


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(secret, [settings] * 16))
    assert len(found) == 1
    file = tmp_path / "home" / "jwt-secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["jwt-secret"]


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    made = secret(settings)
    (tmp_path / "jwt-secret").chmod(0o640)
    with pytest.raises(InvalidInput, match="chmod 600") as caught:
        secret(settings)
    assert str(made) not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 40])
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "jwt-secret").write_bytes(content)
    (tmp_path / "jwt-secret").chmod(0o600)
    with pytest.raises((InvalidInput, Unavailable), match="jwt-secret"):
        secret(Settings(home=tmp_path))


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="ARRAIGO_HOME"):
        secret(Settings(home=tmp_path / "file"))


def test_without_a_secret_of_its_own_no_token_is_made(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, jwks_url="https://login.example.com/jwks.json")
    with pytest.raises(InvalidInput, match="ARRAIGO_JWT_SECRET"):
        issue(settings, "ana")
    assert not (tmp_path / "jwt-secret").exists()


@pytest.mark.parametrize(("user", "hours"), [("", 1), ("x" * 256, 1), ("a\0", 1), ("ana", 0), ("ana", float("nan"))])
def test_a_token_that_nobody_could_use_is_not_made(tmp_path: Path, user: str, hours: float) -> None:
    with pytest.raises(InvalidInput):
        issue(settings_of(tmp_path), user, hours=hours)
