from email.message import Message
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from arraigo.web.downloads import SAFE_TYPES, as_attachment


@given(st.text(min_size=1))
def test_any_name_makes_a_good_header(name: str) -> None:
    value = as_attachment(name, "text/plain", 1)["Content-Disposition"]
    assert value.isascii()
    assert value.isprintable()
    plain, _, whole = value.removeprefix('attachment; filename="').partition('"; filename*=')
    assert not set(plain) & set('"\\%')
    assert len(plain) == len(name)
    assert unquote(whole.removeprefix("UTF-8''")) == name.encode(errors="replace").decode()
    message = Message()
    message["Content-Disposition"] = value.partition("; filename*")[0]
    assert message.get_content_disposition() == "attachment"
    assert (message.get_filename() or "").strip() == plain.strip()


def test_only_what_no_browser_runs_keeps_its_type() -> None:
    for kind in ("text/html", "image/svg+xml", "application/xml", "text/xml", "text/css", "application/javascript"):
        assert kind not in SAFE_TYPES
        assert as_attachment("a", kind, 1)["Content-Type"] == "application/octet-stream"
    assert as_attachment("a", "application/pdf", 1)["Content-Type"] == "application/pdf"
