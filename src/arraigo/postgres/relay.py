"""A way for programs that know no TLS: the wheel's psql and pg_dump are built without it.

They speak to a socket that only we may enter, and what they say goes on over TLS, verified as the address asks (the
protocol's manual, 54.2.10: SSLRequest). Passwords are proved end to end as ever (SCRAM).
"""

import select
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict

from arraigo.errors import Unavailable
from arraigo.postgres.target import Target

_ASK = struct.pack("!II", 8, 80877103)  # SSLRequest
_ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
_SASL = 10  # AuthenticationSASL
_CHUNK = 1 << 16
_PORT = 5432  # of the socket's name


@contextmanager
def reaching(target: Target) -> Iterator[Target]:
    """The same database, for a program that knows no TLS; where none is asked for, as it is.

    Raises:
        Unavailable: It is behind a pooler in transaction mode.
        BadSetting: Its address cannot be read.
    """
    given = conninfo_to_dict(target.direct().conninfo())
    host = str(given.get("host") or "")
    if given.get("sslmode") not in _ENCRYPTED or not host or host.startswith(("/", "@")):
        yield target
        return
    with tempfile.TemporaryDirectory(prefix="arraigo-") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(Path(folder) / f".s.PGSQL.{_PORT}"))
        listener.listen()
        threading.Thread(target=_serve, args=(listener, given), daemon=True).start()
        try:
            yield replace(target, url=_address(given, folder), iam_auth=False)
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _address(given: dict[str, Any], folder: str) -> str:
    user = quote(str(given.get("user") or ""), safe="")
    password = f":{quote(str(given['password']), safe='')}" if given.get("password") else ""
    kept = {name: given[name] for name in ("options", "application_name", "passfile") if given.get(name)}
    query = urlencode(kept | {"host": folder, "port": _PORT, "sslmode": "disable"}, quote_via=quote)
    return f"postgresql://{user}{password}@/{quote(str(given.get('dbname') or ''), safe='')}?{query}"


def _serve(listener: socket.socket, given: dict[str, Any]) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:  # shut
            return
        threading.Thread(target=_pass_on, args=(near, given), daemon=True).start()


def _pass_on(near: socket.socket, given: dict[str, Any]) -> None:
    with near, suppress(OSError, Unavailable), _far(given) as far:
        far.sendall(near.recv(_CHUNK))
        near.sendall(_without_binding(_message(far)))
        while True:
            ready = [far] if far.pending() else select.select([near, far], [], [])[0]
            for end, other in ((near, far), (far, near)):
                if end in ready:
                    said = end.recv(_CHUNK)
                    if not said:
                        return
                    other.sendall(said)


def _message(far: ssl.SSLSocket) -> bytes:
    """The server's first message, whole."""
    said = far.recv(_CHUNK)
    while said and (len(said) < 5 or len(said) < 1 + struct.unpack_from("!I", said, 1)[0]):  # noqa: PLR2004 - its head
        said += far.recv(_CHUNK)
    return said


def _without_binding(said: bytes) -> bytes:
    """Without the offer to bind the password's proof to the TLS connection: the program has none, and would stop."""
    size = struct.unpack_from("!I", said, 1)[0] if said[:1] == b"R" else 0
    if not size or struct.unpack_from("!I", said, 5)[0] != _SASL:
        return said
    kept = said[9 : 1 + size].replace(b"SCRAM-SHA-256-PLUS\0", b"")
    return b"R" + struct.pack("!II", 8 + len(kept), _SASL) + kept + said[1 + size :]


def _far(given: dict[str, Any]) -> ssl.SSLSocket:
    """The server, over TLS."""
    host, port = str(given["host"]).split(",")[0], int(str(given.get("port") or 5432).split(",")[0])
    bare = socket.create_connection((given.get("hostaddr") or host, port), float(given.get("connect_timeout") or 10))
    bare.settimeout(None)
    bare.sendall(_ASK)
    if bare.recv(1) != b"S":
        bare.close()
        raise Unavailable(f"{host}:{port} does not offer TLS")
    return _context(given).wrap_socket(bare, server_hostname=host)


def _context(given: dict[str, Any]) -> ssl.SSLContext:
    """As libpq understands sslmode (its manual, 32.19)."""
    mode, authority = str(given["sslmode"]), str(given.get("sslrootcert") or "")
    context = ssl.create_default_context(cafile=authority if authority not in {"", "system"} else None)
    context.check_hostname = mode == "verify-full"
    if mode == "require" and not authority:
        context.verify_mode = ssl.CERT_NONE
    if given.get("sslcert"):
        context.load_cert_chain(given["sslcert"], given.get("sslkey"))
    return context
