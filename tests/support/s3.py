"""An S3 on this machine: moto's server, started once per run."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
from obstore.store import S3Store

_numbers = count()
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "hunter2-secret", "AWS_REGION": "us-east-1"}


@dataclass
class S3:
    """Where it answers, and ways to what is in it."""

    endpoint: str

    def bucket(self) -> str:
        """A new bucket's name."""
        name = f"bucket-{next(_numbers)}"
        httpx.put(f"{self.endpoint}/{name}").raise_for_status()
        return name

    def keys(self, bucket: str) -> list[str]:
        """What is in it, and what is being uploaded to it in parts."""
        found = []
        for query in ("?list-type=2&max-keys=1000", "?uploads"):
            answer = httpx.get(f"{self.endpoint}/{bucket}{query}").text
            found += [part.partition("</Key>")[0] for part in answer.split("<Key>")[1:]]
        return found

    def store(self, bucket: str) -> S3Store:
        """A way of our own to its objects."""
        return S3Store(
            bucket,
            endpoint=self.endpoint,
            access_key_id="key",
            secret_access_key="another",
            client_options={"allow_http": True},
        )


@contextmanager
def moto(port: int = 0) -> Iterator[S3]:
    """An S3, on a free port unless one is named."""
    from moto.server import ThreadedMotoServer  # late: most tests do without

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    try:
        yield S3("http://{}:{}".format(*server.get_host_and_port()))
    finally:
        server.stop()


def client(endpoint: str, service: str) -> Any:
    """A client of boto3's for one of its services."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=ENVIRONMENT["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
    )
