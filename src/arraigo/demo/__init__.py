"""What `arraigo demo` makes up, and how it moves it."""

from arraigo.demo.crossing import MEMORY, Crossing, inventory, make, remember, remembered, there_and_back, two_servers
from arraigo.demo.dynamodb import Returned, out_and_back
from arraigo.demo.files import make_files
from arraigo.demo.moving import USER, Back, Moved, move_file, rehearse_rollback

__all__ = [
    "MEMORY",
    "USER",
    "Back",
    "Crossing",
    "Moved",
    "Returned",
    "inventory",
    "make",
    "make_files",
    "move_file",
    "out_and_back",
    "rehearse_rollback",
    "remember",
    "remembered",
    "there_and_back",
    "two_servers",
]
