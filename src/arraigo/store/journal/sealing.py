"""Pure: a line of the journal's file, with a checksum, or encrypted where a key is set.

p <CRC-32, 8 hexadecimal digits> <JSON>
e <the key's id, 8 hexadecimal digits> <base64 of nonce and AES-256-GCM of the JSON>
"""

import base64
import binascii
import hashlib
import os
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from arraigo.errors import BadSetting
from arraigo.store.journal.entries import Entry, from_json, to_json

_NONCE = 12  # bytes, NIST SP 800-38D


class Damaged(ValueError):
    """A line that is not what was written."""


class Seal:
    """Turns entries into lines, and lines into entries.

    Args:
        secret: ARRAIGO_JOURNAL_KEY; without one, lines can be read by whoever can read the file.
    """

    def __init__(self, secret: str | None = None) -> None:
        self._cipher: AESGCM | None = None
        self._key_id = b""
        if secret is not None:
            key = HKDF(SHA256(), 32, salt=None, info=b"arraigo journal").derive(secret.encode())
            self._cipher = AESGCM(key)
            self._key_id = hashlib.sha256(b"arraigo journal key id" + key).hexdigest()[:8].encode()

    def line(self, entry: Entry, journal: bytes) -> bytes:
        """The entry as a line of the journal with this id, its line end included."""
        text = to_json(entry)
        if self._cipher is None:
            return b"p %08x %s\n" % (zlib.crc32(text), text)
        nonce = os.urandom(_NONCE)
        sealed = base64.b64encode(nonce + self._cipher.encrypt(nonce, text, journal))
        return b"e %s %s\n" % (self._key_id, sealed)

    def entry(self, line: bytes, journal: bytes) -> Entry:
        """The entry of a line.

        Raises:
            Damaged: It is not what was written.
            BadSetting: It was written with another key.
        """
        kind, _, rest = line.rstrip(b"\n").partition(b" ")
        mark, _, text = rest.partition(b" ")
        try:
            if kind == b"p" and int(mark, 16) == zlib.crc32(text):
                return from_json(text)
            if kind == b"e":
                return from_json(self._open(mark, base64.b64decode(text, validate=True), journal))
        except (ValueError, KeyError, TypeError, InvalidTag, binascii.Error) as error:
            raise Damaged(type(error).__name__) from None
        raise Damaged("checksum")

    def _open(self, key_id: bytes, sealed: bytes, journal: bytes) -> bytes:
        if self._cipher is None or key_id != self._key_id:
            had = "another key" if self._cipher else "a key"
            raise BadSetting(
                f"the journal holds entries that were written with {had}",
                safe="they are kept as they are",
                remedy="set ARRAIGO_JOURNAL_KEY to what it was until they are replayed",
            )
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], journal)
