"""Structured logs: one JSON object a line on standard error, never a word of a conversation."""

import logging
import sys
import traceback
from typing import Any, BinaryIO, cast

import orjson
import structlog


def configure(level: int = logging.INFO) -> None:
    """Set structlog and the standard library's logging up for a server process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_to_bytes),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", _StandardError())),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Forward()], force=True)


class _StandardError:
    """Whatever is standard error when a line is written: loggers live longer than a redirection."""

    @staticmethod
    def write(data: bytes) -> None:
        sys.stderr.buffer.write(data)

    @staticmethod
    def flush() -> None:
        sys.stderr.buffer.flush()


class _Forward(logging.Handler):
    """What libraries log, as one of our lines. Of an exception only its class and place: its text may quote data."""

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name}
        if record.exc_info and record.exc_info[1]:
            fields |= fault(record.exc_info[1])
        structlog.get_logger().log(record.levelno, record.getMessage().strip(), **fields)


def fault(error: BaseException) -> dict[str, Any]:
    """An unexpected error as fields of a log line: classes and places, without the errors' own words.

    A database's error quotes the row that it refused, a validation error the input: neither may enter a log.
    """
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    fields: dict[str, Any] = {"error": type(error).__qualname__, "trace": frames}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        fields["cause"] = fault(cause)
    return fields


def _to_bytes(value: Any, **_: Any) -> bytes:
    return orjson.dumps(value, default=str)
