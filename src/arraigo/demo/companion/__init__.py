"""The working example of a move: Cerca, a service that looks after families from afar, and its companion Alma.

An invented product with the shape of a hosted project: forty tables and a view in `public`, what a platform brings
beside it (`auth`, `storage`, `extensions`, the API's roles), row-level security, triggers and an event trigger.
Source: seed 3, whose tables, volumes, functions and triggers these are, written afresh.
"""

from arraigo.demo.companion.application import Application
from arraigo.demo.companion.building import Connection, Extensions, build, extensions_of, make_roles
from arraigo.demo.companion.generate import VOLUMES, volumes

__all__ = ["VOLUMES", "Application", "Connection", "Extensions", "build", "extensions_of", "make_roles", "volumes"]
