"""A database on one server and an empty one on another, both of whose logs can be decoded."""

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from support.databases import address, drop_database
from support.follow import logical_server
from support.moves import sql

_numbers = itertools.count()


@contextmanager
def two_that_follow(source: int = 16, target: int = 18) -> Iterator[tuple[str, str]]:
    """Their addresses; the one on the source has a table with two rows."""
    with ExitStack() as stack:
        urls = []
        for version in (source, target):
            server = stack.enter_context(closing(logical_server(version)))
            name = f"pair_{os.getpid()}_{next(_numbers)}"
            sql(server.url, f"CREATE DATABASE {name}")
            stack.callback(drop_database, server, name)
            urls.append(address(server, "postgres", name))
        sql(urls[0], "CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t VALUES (1), (2)")
        yield urls[0], urls[1]
