"""Every error that Arraigo raises on purpose.

    ArraigoError
    ├── InvalidInput         the caller sent something that cannot be taken      exit 2, HTTP 422
    │   ├── BadSetting       an environment variable has a bad value             exit 2
    │   └── TooLarge         more than a limit allows                            exit 2, HTTP 413
    ├── NotFound             there is no such thing, or it is not yours          exit 2, HTTP 404
    │   └── Expired          it was there for a while, and that is over          exit 2, HTTP 410
    ├── AccessDenied         it exists and is somebody else's                    exit 2, HTTP 403
    ├── Conflict             it is there already, with other content             exit 2, HTTP 409
    ├── Unavailable          a database, disk or service cannot be used now      exit 3, HTTP 503
    │   └── Unreachable      the database cannot be reached, or takes nothing    exit 3, HTTP 503
    └── CheckFailed          it ran to its end, and what it checked is not right exit 1

The exit codes are given by `arraigo.cli`, the HTTP statuses by `arraigo.web`.
"""


class ArraigoError(Exception):
    """The root: one sentence for a person.

    Args:
        what: What happened, naming the offending value and its place.
        safe: What survived, or what was not touched.
        remedy: What to run or change next.
    """

    def __init__(self, what: str, *, safe: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.safe = safe
        self.remedy = remedy

    def __str__(self) -> str:
        return "; ".join(part for part in (self.what, self.safe, self.remedy) if part)


class InvalidInput(ArraigoError):
    """The caller sent something that cannot be taken."""


class BadSetting(InvalidInput):
    """An environment variable has a bad value; the value itself is never shown, it may be a secret."""


class TooLarge(InvalidInput):
    """More than a limit allows."""


class NotFound(ArraigoError):
    """There is no such thing, or it is not the caller's."""


class Expired(NotFound):
    """It was there for a while, and that is over."""


class AccessDenied(ArraigoError):
    """It exists and is somebody else's."""


class Conflict(ArraigoError):
    """It is there already, with other content, or somebody changed it meanwhile."""


class Unavailable(ArraigoError):
    """A database, a disk or a service cannot be reached or used now."""


class Unreachable(Unavailable):
    """The database cannot be reached, or takes nothing now: what the journal is for."""


class CheckFailed(ArraigoError):
    """The work ran to its end, and what it checked is not right."""
