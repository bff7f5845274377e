"""Pure: headers with which anybody's file can be handed to anybody's browser."""

import re
from urllib.parse import quote

UNKNOWN_TYPE = "application/octet-stream"
# What no browser runs. All else is handed out as bytes of no kind, whatever its uploader called it.
SAFE_TYPES = frozenset(
    {
        "application/epub+zip",
        "application/gzip",
        "application/json",
        "application/msword",
        "application/pdf",
        "application/rtf",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/zip",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/markdown",
        "text/plain",
        "video/mp4",
    }
)
_UNSAFE = re.compile(r"[^ !#$&()+,\-.0-9;=@A-Z\[\]^_`a-z{}~]")  # in quotes: no quote, no backslash, no percent sign


def as_attachment(filename: str, content_type: str, size: int) -> dict[str, str]:
    """The headers of a file that is to be saved, not shown (RFC 6266, with the filename as in RFC 8187)."""
    plain = _UNSAFE.sub("_", filename)
    whole = quote(filename, safe="!#$&+-.^_`|~", errors="replace")
    return {
        "Content-Type": content_type if content_type in SAFE_TYPES else UNKNOWN_TYPE,
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}",
        "Content-Length": str(size),
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
