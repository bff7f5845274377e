"""A copy of the conversations in a JSON file, as the old program wrote it: there whole or not at all."""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any


class Backup:
    """A file with conversations by id.

    Args:
        path: Where it is; what stands there and holds more than the store is kept beside it first.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.kept_at = self.path.with_name(f"{self.path.name}.before-arraigo")

    def keep_other(self, known: Mapping[str, Any]) -> int:
        """How many conversations stand in the file that the store does not have; it is copied before it is replaced.

        Raises:
            OSError: It cannot be read or copied.
        """
        if not self.path.exists():
            return 0
        try:
            missing = len(_ids(json.loads(self.path.read_bytes())) - set(known))
        except ValueError:
            missing = 1
        if missing and not self.kept_at.exists():
            shutil.copy2(self.path, self.kept_at)
        return missing

    def write(self, conversations: Mapping[str, Any]) -> None:
        """Put these conversations in the place of those that the file had.

        Raises:
            OSError: It cannot be written.
        """
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(conversations, file, ensure_ascii=False, indent=2, default=datetime.isoformat)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        finally:
            draft.unlink(missing_ok=True)


def _ids(value: Any) -> set[str]:
    """The ids in a file of conversations: an object by id, or a list, perhaps under `conversations`."""
    if isinstance(value, dict):
        inner = value.get("conversations")
        return _ids(inner) if isinstance(inner, list) or _by_id(inner) else set(value)
    records = value if isinstance(value, list) else []
    return {str(one.get("conversation_id", one.get("id"))) for one in records if isinstance(one, dict)}


def _by_id(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, dict) and "messages" in one for one in value.values())
