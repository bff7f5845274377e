"""Live tables on moto's server, each test's own."""

import base64
from itertools import count
from typing import Any

from support import dynamo
from support.s3 import client

_numbers = count()


def wire(value: Any) -> Any:
    """An attribute value as boto3 takes it."""
    ((kind, held),) = value.items()
    if kind in {"B", "BS"}:
        return {kind: base64.b64decode(held) if kind == "B" else [base64.b64decode(one) for one in held]}
    if kind == "M":
        return {kind: {name: wire(one) for name, one in held.items()}}
    return {kind: [wire(one) for one in held]} if kind == "L" else value


class Tables:
    """Tables of this test's own."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client = client(endpoint, "dynamodb")
        self.suffix = f"{next(_numbers)}"

    def make(self, name: str, hash_key: str, range_key: str = "") -> str:
        """A new table; its name."""
        keys = [(hash_key, "HASH", "S")] + ([(range_key, "RANGE", "N")] if range_key else [])
        name = f"{name}-{self.suffix}"
        self.client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind, _ in keys],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": of} for key, _, of in keys],
            BillingMode="PAY_PER_REQUEST",
        )
        return name

    def put(self, name: str, *items: dynamo.Item) -> None:
        """Write items, as its own program does."""
        for item in items:
            self.client.put_item(TableName=name, Item={key: wire(value) for key, value in item.items()})

    def all(self, name: str) -> list[dynamo.Item]:
        """What is in it."""
        found: list[dynamo.Item] = self.client.scan(TableName=name, ConsistentRead=True)["Items"]
        return found

    def source(self, *names: str) -> str:
        """As the command line says it."""
        return f"dynamodb://{','.join(names)}?endpoint_url={self.endpoint}&region=us-east-1"
