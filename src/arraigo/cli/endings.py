"""How a command ends: one sentence on standard error, and an exit code.

0: done and right. 1: done, and a check failed; a plan with something that cannot move. 2: bad usage or bad input.
3: a database, a service or a disk cannot be reached or used. 70: a fault of ours (EX_SOFTWARE of sysexits.h).
130: interrupted.
"""

import errno
import os
import sys
import traceback

import typer

from arraigo.cli import INTERRUPTED
from arraigo.cli.output import err
from arraigo.errors import AccessDenied, ArraigoError, CheckFailed, Conflict, InvalidInput, NotFound

FAILED, BAD_INPUT, UNAVAILABLE, FAULT = 1, 2, 3, 70
BROKEN_PIPE = 141  # as a shell says it of a program that SIGPIPE ended
_CODES: tuple[tuple[type[ArraigoError], int], ...] = (
    (CheckFailed, FAILED),
    (InvalidInput, BAD_INPUT),
    (NotFound, BAD_INPUT),
    (AccessDenied, BAD_INPUT),
    (Conflict, BAD_INPUT),
    (ArraigoError, UNAVAILABLE),
)
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


def ended_by(error: BaseException, *, debug: bool) -> int:
    """Say what an error means to the person at the keyboard; the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 0
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        # Nobody reads any more. What is still in the buffer shall not complain at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    if debug:
        traceback.print_exception(error)
    code, sentence = meaning(error)
    err(f"arraigo: {sentence}")
    return code


def meaning(error: BaseException) -> tuple[int, str]:
    """The exit code of an error, and its sentence."""
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return INTERRUPTED, "; ".join(["interrupted", *getattr(error, "__notes__", [])])
    if isinstance(error, typer.TyperException):
        return BAD_INPUT, _usage(error)
    if isinstance(error, ArraigoError):
        return next(code for kind, code in _CODES if isinstance(error, kind)), str(error)
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.filename}: {error.strerror.lower()}" if error.filename else error.strerror.lower()
        return UNAVAILABLE if error.errno in _DISK else BAD_INPUT, what
    return FAULT, f"a fault of the program itself ({type(error).__name__}); run it again with --debug to see where"


def _usage(error: typer.TyperException) -> str:
    text = error.format_message().strip().rstrip(".?")
    context = getattr(error, "ctx", None)
    see = f"; see: {context.command_path} --help" if context else ""
    return text[:1].lower() + text[1:] + see
