"""Passwords in arguments: everybody on the machine can read those with `ps`, for as long as the process runs."""

import json
import os
import re
import sys

_ARGUMENTS = "_ARRAIGO_ARGUMENTS"
_PASSWORD = re.compile(r"(postgres(?:ql)?://[^:/@\s]*):[^/?#]*@|([?&](?:ssl)?password)=[^&]*")


def hide_passwords() -> None:
    """Start the program anew without them where there are any, and find them again in the environment.

    What a process was given in its environment is for its own user's eyes only (proc(5), on environ).
    """
    held = os.environ.pop(_ARGUMENTS, None)
    if held is not None:
        sys.argv[1:] = json.loads(held)
        return
    hidden = [hidden_in(argument) for argument in sys.argv[1:]]
    if hidden != sys.argv[1:]:
        again = [sys.executable, "-P", "-m", "arraigo", *hidden]
        os.execve(sys.executable, again, os.environ | {_ARGUMENTS: json.dumps(sys.argv[1:])})  # noqa: S606 - ourselves


def hidden_in(argument: str) -> str:
    """The argument, with three stars for each password in an address."""
    return _PASSWORD.sub(lambda found: f"{found[1]}:***@" if found[1] else f"{found[2]}=***", argument)
