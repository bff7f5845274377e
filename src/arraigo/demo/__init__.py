"""What `arraigo demo` makes up, and how it moves it."""

from arraigo.demo.files import make_files
from arraigo.demo.moving import USER, Back, Moved, move_file, rehearse_rollback

__all__ = ["USER", "Back", "Moved", "make_files", "move_file", "rehearse_rollback"]
