"""Find: what one user's conversations say.

found = await retrieve.search(me, "cambio de dirección")
for hit in found.hits: print(hit.title, hit.sequence_number, hit.text)

`arraigo.retrieve.sync` has the same without await.
"""

from arraigo.retrieve.searching import index, search
from arraigo.retrieve.types import Found, Hit, Neighbour, Piece

__all__ = ["Found", "Hit", "Neighbour", "Piece", "index", "search"]
