"""Forms with a file, piece by piece: however they are cut, and whatever comes."""

import contextlib
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request

from arraigo.web.multipart import Form

HEAD = b'--b\r\nContent-Disposition: form-data; name="to"\r\n\r\nt\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: a/b\r\n\r\n'
END = b"\r\n--b--\r\n"


class _Aside:
    """Counts how many forms are set aside at once."""

    now = 0

    async def __aenter__(self) -> None:
        self.now += 1

    async def __aexit__(self, *_: object) -> None:
        self.now -= 1


def form(pieces: list[bytes], kind: str = "multipart/form-data; boundary=b") -> Form:
    left = iter(pieces)

    async def receive() -> dict[str, Any]:
        piece = next(left, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    scope = {
        "type": "http",
        "headers": [(b"content-type", kind.encode())],
        "app": SimpleNamespace(state=SimpleNamespace(aside=_Aside())),
    }
    return Form(Request(scope, receive), file="file", fields={"to"})


async def taken(found: Form) -> bytes:
    async with found.opened("to") as content:
        assert found.values.keys() <= {"to"}
        return b"".join([piece async for piece in content])


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted(place % (len(data) + 1) for place in places)
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


@given(st.binary(), st.lists(st.integers(0), max_size=12), st.booleans())
async def test_any_file_comes_through_however_it_is_cut(content: bytes, places: list[int], first: bool) -> None:  # noqa: FBT001
    # What looks like the boundary cannot be in it: whoever writes a form chooses another one.
    content = content.replace(b"\r\n--b", b"")
    whole = HEAD + FILE + content + END if first else FILE + content + b"\r\n" + HEAD[:-2] + END
    found = form(cut(whole, places))
    assert await taken(found) == content
    assert (found.values, found.filename, found.content_type) == ({"to": "t"}, "a", "a/b")


@pytest.mark.parametrize("near", [b"\r\n--", b"\r\n-", b"\r", b"\r\n\r\n--c", b"\r\n--B", b"--b", b"\n--b\r\n"])
async def test_what_is_nearly_a_boundary_is_content(near: bytes) -> None:
    content = near + b"x" + near
    for size in (1, 2, 5, 1000):
        whole = HEAD + FILE + content + END
        assert await taken(form([whole[at : at + size] for at in range(0, len(whole), size)])) == content


@given(st.lists(st.binary(max_size=200)))
async def test_any_bytes_are_a_form_or_a_clean_refusal(pieces: list[bytes]) -> None:
    for some in (pieces, [HEAD, *pieces], [HEAD, FILE, *pieces], [HEAD, *pieces, FILE, END]):
        with contextlib.suppress(HTTPException, RequestValidationError):
            await taken(form(some))


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n")))
def test_any_content_type_is_a_form_or_a_415(kind: str) -> None:
    with contextlib.suppress(HTTPException, UnicodeEncodeError):
        form([], kind)


async def test_what_the_caller_raises_comes_through_and_ends_the_form() -> None:
    found = form([FILE + b"x\r\n" + HEAD[:-2] + END])
    with pytest.raises(ZeroDivisionError):
        async with found.opened("to"):
            raise ZeroDivisionError
    assert found._aside.now == 0  # type: ignore[attr-defined] # ours
