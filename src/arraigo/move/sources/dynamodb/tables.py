"""Live tables: what they are, and the one place that speaks to DynamoDB."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from arraigo.errors import InvalidInput, Unavailable
from arraigo.move.records.items import Facts
from arraigo.move.sources.spec import Source

_T = TypeVar("_T")
_BUSY = frozenset({"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"})
_PATIENCE = 300.0  # seconds that a throttled table is waited for
_TTL = "ttl"


@dataclass(frozen=True, slots=True)
class Table:
    """One table as it is.

    Attributes:
        facts: Its name, its keys and its attribute of expiry.
        items: About how many there are; AWS counts every six hours.
        bytes: The same.
    """

    facts: Facts
    items: int
    bytes: int


class Door:
    """The way to a region's tables.

    Args:
        source: Which tables; the region and the credentials come from the environment where it names none.

    Raises:
        InvalidInput: The extra `aws` is not installed.
    """

    def __init__(self, source: Source) -> None:
        self.names = source.location.split(",")
        self._client = client_of(source.options)

    def tables(self) -> tuple[Table, ...]:
        """All of them.

        Raises:
            InvalidInput: There is no such table.
            Unavailable: DynamoDB does not answer, or refuses.
        """
        return tuple(self._table(name) for name in self.names)

    def call(self, what: str, /, **given: Any) -> Any:
        """One request; a table that is too busy is asked again, later and later, for five minutes.

        Raises:
            Unavailable: DynamoDB does not answer, refuses, or is too busy for long.
        """
        return _patiently(lambda: getattr(self._client, what)(**given), f"{given.get('TableName', 'DynamoDB')}")

    def _table(self, name: str) -> Table:
        try:
            found = self.call("describe_table", TableName=name)["Table"]
        except Missing as error:
            raise InvalidInput(
                f"there is no table {name} there",
                safe="nothing was moved",
                remedy="check its name and the region: dynamodb://TABLE?region=REGION",
            ) from error
        keys = {key["KeyType"]: key["AttributeName"] for key in found["KeySchema"]}
        names = tuple(keys[kind] for kind in ("HASH", "RANGE") if kind in keys)
        expiry = self.call("describe_time_to_live", TableName=name).get("TimeToLiveDescription", {})
        facts = Facts(name, names, expiry.get("AttributeName", _TTL))
        return Table(facts, int(found.get("ItemCount", 0)), int(found.get("TableSizeBytes", 0)))


class Missing(Unavailable):
    """What a request speaks of is not there."""


class Refused(Unavailable):
    """A condition of a request was not met."""


def client_of(options: Mapping[str, str]) -> Any:
    """A client of DynamoDB.

    Raises:
        InvalidInput: The extra `aws` is not installed, or there is no region.
    """
    try:
        import boto3  # noqa: PLC0415 - an extra
        from botocore.config import Config  # noqa: PLC0415 - the same
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - the same
    except ImportError as error:
        raise InvalidInput(
            "moving live tables needs boto3", safe="nothing was moved", remedy="run: pip install arraigo[aws]"
        ) from error
    retries = {"mode": "standard", "max_attempts": 5}
    try:
        return boto3.client(
            "dynamodb",
            region_name=options.get("region"),
            endpoint_url=options.get("endpoint_url"),
            config=Config(retries=retries, max_pool_connections=32, connect_timeout=10, read_timeout=60),
        )
    except BotoCoreError as error:
        raise InvalidInput(
            f"DynamoDB cannot be asked: {type(error).__name__}",
            safe="nothing was moved",
            remedy="name the region: dynamodb://TABLE?region=REGION",
        ) from error


def _patiently(ask: Callable[[], _T], name: str) -> _T:
    """Ask until it answers: half a second later, then twice as long each time."""
    pause, until = 0.5, time.monotonic() + _PATIENCE
    while True:
        try:
            with _told(name):
                return ask()
        except _BusyError:
            if time.monotonic() + pause > until:
                raise Unavailable(
                    f"the table {name} is throttled, and stays so",
                    safe="what was moved is kept",
                    remedy="give it more capacity, or export it to S3; then run the same command again",
                ) from None
            time.sleep(pause)
            pause = min(2 * pause, 20.0)


class _BusyError(Exception):
    """Asked too often."""


@contextmanager
def _told(name: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an extra

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _BUSY:
            raise _BusyError from None
        kind = {"ResourceNotFoundException": Missing, "ConditionalCheckFailedException": Refused}.get(code, Unavailable)
        raise kind(
            f"DynamoDB refuses what is asked of {name}: {code}",
            safe="what was moved is kept",
            remedy="check the credentials and their right to this table",
        ) from error
    except BotoCoreError as error:
        raise Unavailable(
            f"DynamoDB does not answer for {name}: {type(error).__name__}",
            safe="what was moved is kept",
            remedy="check the region, the endpoint and the credentials",
        ) from error
