import base64
import hashlib
import re
from html import unescape

import httpx


async def test_the_page_shows_every_operation_and_problem(client: httpx.AsyncClient) -> None:
    del client.headers["authorization"]
    page = (await client.get("/docs")).text
    description = (await client.get("/openapi.json")).json()
    for path, item in description["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in item.values():
            assert f"id={operation['operationId']}>" in page
            assert operation["description"].split("\n")[0] in unescape(page)
    for status in ("unauthorized", "unprocessable-content"):
        assert f"<dt id={status}>" in page


async def test_the_page_loads_nothing_and_may_load_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docs")
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", answer.text)
    policy = answer.headers["content-security-policy"]
    for kind in ("style", "script"):
        [text] = re.findall(rf"<{kind}>(.*?)</{kind}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_what_the_description_says_is_text_on_the_page(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert page.count("<script>") == 1
    assert "&quot;role&quot;" in page or '"role"' in unescape(page)


async def test_a_form_with_a_file_is_shown_field_by_field(client: httpx.AsyncClient) -> None:
    page = unescape((await client.get("/docs")).text)
    assert "-F 'file=@FILE'" in page
    assert '<input data-field="file" type=file>' in page
    assert "-F 'conversation_id=0199a3c8-" in page
