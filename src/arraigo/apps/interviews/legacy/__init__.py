"""What interviews were before: sessions in a browser's localStorage, and what POST /interviews/migrate takes."""

from arraigo.apps.interviews.legacy.rows import rows
from arraigo.apps.interviews.legacy.sessions import INTERVIEWS, Interviews

__all__ = ["INTERVIEWS", "Interviews", "rows"]
