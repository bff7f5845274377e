"""Exports of DynamoDB tables as AWS writes them, and items of an old assistant for test plans; made up."""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Item = dict[str, Any]
EXPORT_ID = "01700000000000-a1b2c3d4"
_WORDS = ["Pago con tarjeta", "Envío a domicilio", "Alta de cliente", "Refund of an order", "Línea\nnueva", "ñ 😀"]


def text(value: str) -> Item:
    return {"S": value}


def number(value: object) -> Item:
    return {"N": str(value)}


def session(index: int, *, iterations: Sequence[Item] | None = None, **more: Any) -> Item:
    """A session with its configuration."""
    item = {
        "session_id": text(f"s-{index:05}"),
        "tester_id": text(f"tester-{index % 7}"),
        "plan_configuration": {
            "M": {
                "plan_title": text(f"{_WORDS[index % len(_WORDS)]} {index}"),
                "plan_type": text(("UNITARIAS", "INTEGRACIÓN", "PERFORMANCE", "REGRESIÓN")[index % 4]),
                "coverage_percentage": number(80 + index % 20),
                "min_test_cases": number(5),
                "max_test_cases": number(50),
                "project_context": text(_WORDS[(index + 1) % len(_WORDS)] * 3),
            }
        },
        "status": text("configured" if index % 3 else "completed"),
        "created_at": text(f"2025-01-{index % 28 + 1:02}T10:00:00.{index % 1000000:06}"),
        "updated_at": text(f"2025-02-{index % 28 + 1:02}T11:30:00Z"),
        "ttl": number(1735689600 + index),
    }
    if iterations is not None:
        item["iterations"] = {"L": [{"M": one} for one in iterations]}
    return item | more


def iteration(index: int, turn: int, *, own: bool = True, cases: int = 2) -> Item:
    """What was asked and generated once; `own`: an item by itself."""
    item = {
        "iteration_number": number(turn),
        "user_instructions": text(f"Genera el plan {index}: {_WORDS[turn % len(_WORDS)]}"),
        "generated_cases": {
            "L": [
                {
                    "M": {
                        "testcase_number": text(f"TC-{n:03}"),
                        "test_case_name": text(f"{_WORDS[(index + n) % len(_WORDS)]} {n}"),
                        "test_steps": {"L": [text("Abrir"), text("Enviar")]},
                        "priority": text(("ALTA", "MEDIA", "BAJA")[n % 3]),
                        "weight": number(("0.50", "1", "12.5")[n % 3]),
                        "valid": {"BOOL": bool(n % 2)},
                        "parent": {"NULL": True},
                    }
                }
                for n in range(1, cases + 1)
            ]
        },
        "created_at": text(f"2025-01-{index % 28 + 1:02}T1{turn % 10}:00:00"),
        "model_used": text("model-1"),
        "processing_time_ms": number(1234 + turn),
    }
    if turn % 2:
        item["system_response"] = text(f"Listo {turn}")
    return ({"session_id": text(f"s-{index:05}")} if own else {}) | item


def case(name: str, **more: Any) -> Item:
    """A case with every field that the old assistant had, and some that only it had."""
    written = {
        "testcase_number": text(name),
        "test_case_name": text(f"Dirección sin número {name}"),
        "test_case_description": text("El cliente no da el número de la casa"),
        "preconditions": text("El cliente está registrado"),
        "test_data": text("calle=Mayor; numero="),
        "test_steps": {"L": [text("Abrir el formulario"), text("Dejar vacío el número"), text("Guardar")]},
        "expected_results": text("Se pide el número"),
        "requirements": text("RF-01, RF-02"),
        "address_master_status": text("ACTIVO"),
        "cache_availability": text("DISPONIBLE"),
        "manual_modal_status": text("CERRADO"),
        "address_fields": text("calle, numero"),
        "address_standardization": text("SI"),
        "order_status": text("CREADO"),
        "priority": text("ALTA"),
        "status": text("PROPOSED"),
        "created_by": text("AI_AGENT"),
        "weight": number("1.50"),
        "tags": {"SS": ["z", "a"]},
        "parent": {"NULL": True},
        "odd": {"M": {"nothing": {"NULL": True}, "digits": number("1E+2"), "bytes": {"B": "AQI="}}},
    }
    return {"M": written | more}


def temporary(index: int, *, ttl: int = 4102444800) -> Item:
    """Something that was meant to go away by itself."""
    return {
        "data_key": text(f"upload-{index:05}"),
        "payload": {"M": {"filename": text(f"doc {index}.pdf"), "size": number(index)}},
        "ttl": number(ttl),
    }


ODD: Item = {
    "data_key": text("every type"),
    "S": text(""),
    "N": number("-1.2345678901234567890123456789012345678E-100"),
    "N38": number("12345678901234567890123456789012345678"),
    "zeros": number("1.500"),
    "minus": number("-0"),
    "B": {"B": base64.b64encode(bytes(range(256))).decode()},
    "empty": {"B": ""},
    "SS": {"SS": ["z", "a", "ñ"]},
    "NS": {"NS": ["3", "1.0", "-2E+2"]},
    "BS": {"BS": ["AQI=", "AA=="]},
    "M": {"M": {"": text("x"), "deep": {"L": [{"L": []}, {"M": {}}, {"NULL": True}, {"BOOL": False}]}}},
}


def write_export(
    folder: Path, table: str, items: Sequence[Item], *, files: int = 2, summary: Mapping[str, Any] | None = None
) -> Path:
    """One export, below AWSDynamoDB/ID."""
    home = folder / "AWSDynamoDB" / f"{EXPORT_ID}-{table}"
    (home / "data").mkdir(parents=True)
    named = []
    for part in range(files):
        mine = items[part::files]
        lines = b"".join(
            json.dumps({"Item": item}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for item in mine
        )
        data = gzip.compress(lines, mtime=0)
        name = f"{hashlib.md5(f'{table}{part}'.encode()).hexdigest()}.json.gz"  # noqa: S324 - a name
        (home / "data" / name).write_bytes(data)
        md5 = hashlib.md5(data).digest()  # noqa: S324 - as AWS does
        named.append(
            {
                "itemCount": len(mine),
                "md5Checksum": base64.b64encode(md5).decode(),
                "etag": hashlib.md5(md5).hexdigest() + "-1",  # noqa: S324 - as AWS does
                "dataFileS3Key": f"AWSDynamoDB/{EXPORT_ID}-{table}/data/{name}",
            }
        )
    facts = {
        "version": "2020-06-30",
        "exportArn": f"arn:aws:dynamodb:eu-west-1:000000000000:table/{table}/export/{EXPORT_ID}",
        "exportTime": "2025-06-01T12:00:00.000Z",
        "tableArn": f"arn:aws:dynamodb:eu-west-1:000000000000:table/{table}",
        "itemCount": len(items),
        "billedSizeBytes": 0,
        "outputFormat": "DYNAMODB_JSON",
        "exportType": "FULL_EXPORT",
    }
    _manifest(home, "manifest-summary", json.dumps(facts | dict(summary or {})))
    _manifest(home, "manifest-files", "".join(json.dumps(one) + "\n" for one in named))
    return home


def read_export(home: Path) -> list[Item]:
    """Every item of an export."""
    found = []
    for path in sorted((home / "data").glob("*.json.gz")):
        found += [json.loads(line)["Item"] for line in gzip.decompress(path.read_bytes()).splitlines()]
    return found


def _manifest(home: Path, name: str, said: str) -> None:
    (home / f"{name}.json").write_text(said)
    digest = hashlib.md5(said.encode()).digest()  # noqa: S324 - as AWS does
    (home / f"{name}.md5").write_text(base64.b64encode(digest).decode())


def alike(one: Sequence[Item], other: Sequence[Item]) -> bool:
    """Whether both hold the same items, in whatever order."""
    return sorted(json.dumps(item, sort_keys=True) for item in one) == sorted(
        json.dumps(item, sort_keys=True) for item in other
    )
