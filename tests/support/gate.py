"""A door in front of a server's socket that can be shut: an outage of the network, as the store sees it."""

import asyncio
import selectors
import socket
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import arraigo
from support.servers import socket_of

_CHUNK = 1 << 16


class Gate:
    """Passes connections on to a server until it is shut; then it cuts those that are open and takes no more."""

    def __init__(self, server_url: str) -> None:
        folder, port = socket_of(server_url)
        self._server = f"{folder}/.s.PGSQL.{port}"
        self._folder = Path(mkdtemp(prefix="gate"))
        self._path = self._folder / ".s.PGSQL.5432"
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.query = f"host={self._folder}&port=5432"
        self.open()

    def open(self) -> None:
        """Let connections through."""
        if self._listener is not None:
            return
        listener = self._listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self._path))
        listener.listen(100)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Cut everything."""
        if self._listener is None:
            return
        listener, self._listener = self._listener, None
        self._path.unlink()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Shut it for good."""
        self.shut()
        self._folder.rmdir()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._server)
            self._open |= {near, far}
            threading.Thread(target=self._pass, args=(near, far), daemon=True).start()

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as selector, near, far:
            selector.register(near, selectors.EVENT_READ, far)
            selector.register(far, selectors.EVENT_READ, near)
            with suppress(OSError):
                while True:
                    for key, _ in selector.select():
                        data = key.fileobj.recv(_CHUNK)  # type: ignore[union-attr] # a socket
                        if not data:
                            return
                        key.data.sendall(data)
        self._open -= {near, far}


async def came_in(store: arraigo.Store) -> None:
    """Wait until the journal is empty."""
    async with asyncio.timeout(20):
        while store.pending or store.storage == "journal":  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.02)
