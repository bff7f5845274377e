"""Test plans as files: to read, to hand in, and for other test tools to import."""

from collections.abc import Callable
from typing import Literal, get_args

from arraigo.apps.testplans.exports.azure import as_azure
from arraigo.apps.testplans.exports.data import as_json, from_json
from arraigo.apps.testplans.exports.gherkin import as_gherkin
from arraigo.apps.testplans.exports.qase import as_qase
from arraigo.apps.testplans.exports.sheet import as_csv
from arraigo.apps.testplans.exports.testrail import as_testrail
from arraigo.apps.testplans.exports.texts import labels_of
from arraigo.apps.testplans.exports.xray import as_xray
from arraigo.apps.testplans.exports.zephyr import as_zephyr
from arraigo.apps.testplans.views import PlanView
from arraigo.errors import Unavailable
from arraigo.web.files import File

__all__ = ["FORMATS", "Format", "from_json", "render"]

Format = Literal["excel", "pdf", "json", "csv", "testrail", "xray", "zephyr", "azure", "qase", "gherkin"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(view: PlanView, format: Format, *, include_metadata: bool = False) -> File:
    """The plan as a file, in its own language; its name names nobody.

    Excel, CSV and JSON hold every case with its status. The PDF, Gherkin and what other tools import hold those that
    nobody discarded. A large plan takes seconds of computing: away from the event loop, then.

    Args:
        view: The plan; with its log, where metadata are wanted.
        format: Which.
        include_metadata: Also the configuration and the log of changes: in Excel, PDF and JSON. In CSV: ids, versions
            and times of the cases. Formats of other tools have no place for them.

    Raises:
        Unavailable: Excel and PDF want the extra documents, which is not installed.
    """
    ending, media_type, write = _WAYS[format]
    name = f"{labels_of(view).file}-{view.plan.id}{ending}"
    return File(name, media_type, write(view, include_metadata=include_metadata))


def _extra(write: Callable[[], Callable[..., bytes]]) -> Callable[..., bytes]:
    """A way of writing that wants packages of the extra documents."""

    def written(view: PlanView, *, include_metadata: bool) -> bytes:
        try:
            way = write()
        except ModuleNotFoundError as error:
            raise Unavailable(
                f"a test plan as Excel or PDF wants the extra documents ({error.name} is not installed)",
                safe="all other formats want nothing more",
                remedy="run: pip install 'arraigo[documents]'",
            ) from None
        return way(view, include_metadata=include_metadata)

    return written


def _excel() -> Callable[..., bytes]:
    from arraigo.apps.testplans.exports.workbook import as_excel  # noqa: PLC0415 - an extra

    return as_excel


def _pdf() -> Callable[..., bytes]:
    from arraigo.apps.testplans.exports.document import as_pdf  # noqa: PLC0415 - an extra

    return as_pdf


def _plain(write: Callable[[PlanView], bytes]) -> Callable[..., bytes]:
    """A way of writing that has no place for metadata."""

    def written(view: PlanView, *, include_metadata: bool) -> bytes:  # noqa: ARG001 - all ways are called alike
        return write(view)

    return written


_WAYS: dict[Format, tuple[str, str, Callable[..., bytes]]] = {
    "excel": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _extra(_excel)),
    "pdf": (".pdf", "application/pdf", _extra(_pdf)),
    "json": (".json", "application/json", as_json),
    "csv": (".csv", "text/csv", as_csv),
    "testrail": ("-testrail.csv", "text/csv", _plain(as_testrail)),
    "xray": ("-xray.zip", "application/zip", _plain(as_xray)),
    "zephyr": ("-zephyr.csv", "text/csv", _plain(as_zephyr)),
    "azure": ("-azure.csv", "text/csv", _plain(as_azure)),
    "qase": ("-qase.csv", "text/csv", _plain(as_qase)),
    "gherkin": (".feature", "text/plain", _plain(as_gherkin)),
}
