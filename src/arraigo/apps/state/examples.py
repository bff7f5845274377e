"""The examples of the API description, which the contract test tells to a real server."""

NAMESPACE = "preferences"
KEY = "voice"

NEW = {"value": {"speed": 1.2, "voice": "Luz"}, "ttl_seconds": 3600}
VALUE = {"value": {"speed": 1.2, "voice": "Luz"}, "expires_at": "2026-03-02T15:05:09.120000Z"}
ENTRIES = {
    "entries": [
        {
            "key": KEY,
            "value": {"speed": 1.2, "voice": "Luz"},
            "version": 1772460309120000,
            "expires_at": "2026-03-02T15:05:09.120000Z",
            "updated_at": "2026-03-02T14:05:09.120000Z",
        }
    ],
    "next": None,
}
