"""What an integration says where the package that it is for is not installed."""

from importlib.util import find_spec


def need(package: str, extra: str) -> None:
    """Make sure that a package is there; `extra` is the one of ours that brings it.

    Raises:
        ModuleNotFoundError: It is not.
    """
    try:
        found = find_spec(package) is not None
    except ModuleNotFoundError:  # not even what it lies in
        found = False
    if not found:
        raise ModuleNotFoundError(
            f"arraigo.integrations.{extra.replace('-', '_')} wants the package {package}, which is not installed; "
            f"run: pip install 'arraigo[{extra}]'",
            name=package,
        )
