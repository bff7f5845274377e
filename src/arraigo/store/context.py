"""Pure: how a caller names a conversation, and which ids that may mean."""

import re
from uuid import UUID

from arraigo.errors import InvalidInput
from arraigo.ids import derived

Ref = UUID | str
MAX_EXTERNAL_ID = 255
_STORABLE = re.compile("[^\0\ud800-\udfff]*")  # no NUL, no half of a surrogate pair


def conversation_id(key: bytes, owner: UUID, external_id: str) -> UUID:
    """The id of an owner's conversation with this external id; `key` is the installation's."""
    return derived(key, "conversation", str(owner), external_id)


def candidates(key: bytes, owner: UUID, ref: str) -> list[UUID]:
    """The ids that a name may mean, likeliest first: an id of ours, or the owner's own name for it."""
    if not 1 <= len(ref) <= MAX_EXTERNAL_ID or not _STORABLE.fullmatch(ref):
        raise InvalidInput(f"{ref!r:.60} is no conversation's id: 1 to {MAX_EXTERNAL_ID} characters")
    own = conversation_id(key, owner, ref)
    try:
        return [UUID(ref), own]
    except ValueError:
        return [own]
