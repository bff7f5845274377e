"""An export of a DynamoDB table to move: 843 bytes a line; every value follows from its number."""

import base64
import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

TABLE = "TestPlans"
LINE = 843  # bytes, with its end
_FILES = 4  # as many as DynamoDB would write of so much
_WORDS = ("El importe máximo por día", "The order is refused", "Pago con tarjeta vencida", "an address in the list")
Item = dict[str, Any]


def write(folder: Path, lines: int) -> None:
    """The export: of each five lines a session, three iterations of it, and something temporary."""
    (folder / "data").mkdir(parents=True)
    files = []
    for part in range(_FILES):
        mine = range(lines // 5 * part // _FILES, lines // 5 * (part + 1) // _FILES)
        data = gzip.compress(b"".join(line(item) for number in mine for item in _five(number)), 6, mtime=0)
        name = f"part{part}.json.gz"
        (folder / "data" / name).write_bytes(data)
        md5 = hashlib.md5(data, usedforsecurity=False).digest()
        said = {"itemCount": 5 * len(mine), "md5Checksum": base64.b64encode(md5).decode(), "dataFileS3Key": name}
        files.append(orjson.dumps(said))
    facts = {
        "tableArn": f"arn:aws:dynamodb:eu-west-1:000000000000:table/{TABLE}",
        "exportTime": "2025-06-01T12:00:00.000Z",
        "itemCount": lines // 5 * 5,
        "outputFormat": "DYNAMODB_JSON",
    }
    (folder / "manifest-summary.json").write_bytes(orjson.dumps(facts))
    (folder / "manifest-files.json").write_bytes(b"\n".join(files))


def line(item: Item) -> bytes:
    """One line of it, as long as every other."""
    begun = orjson.dumps({"Item": item | {"note": {"S": ""}}})
    return orjson.dumps({"Item": item | {"note": {"S": "x" * max(0, LINE - 1 - len(begun))}}}) + b"\n"


def _five(number: int) -> Iterator[Item]:
    name = {"S": f"{number:08x}-5e55-4000-8000-{number:012x}"}
    day = f"2025-0{1 + number % 9}-{1 + number % 28:02}"
    yield {
        "session_id": name,
        "tester_id": {"S": f"tester-{number % 50}"},
        "plan_configuration": {
            "M": {
                "plan_title": {"S": f"{_WORDS[number % 4]} {number}"},
                "plan_type": {"S": ("UNITARIAS", "INTEGRACIÓN", "PERFORMANCE", "REGRESIÓN")[number % 4]},
                "coverage_percentage": {"N": str(70 + number % 30)},
                "min_test_cases": {"N": "5"},
                "max_test_cases": {"N": str(20 + number % 80)},
                "project_context": {"S": _WORDS[(number + 1) % 4] * 2},
            }
        },
        "status": {"S": "configured"},
        "created_at": {"S": f"{day}T10:{number % 60:02}:00.{number % 1000000:06}"},
        "updated_at": {"S": f"{day}T11:{number % 60:02}:00.{number % 1000000:06}"},
        "ttl": {"N": str(1767225600 + number)},
    }
    for turn in (1, 2, 3):
        yield {
            "session_id": name,
            "iteration_number": {"N": str(turn)},
            "user_instructions": {"S": f"{_WORDS[(number + turn) % 4]}: más casos {turn}"},
            "system_response": {"S": f"Plan generado con {turn} casos"},
            "generated_cases": {
                "L": [
                    {
                        "M": {
                            "testcase_number": {"S": f"TC-{turn:03}"},
                            "test_case_name": {"S": f"{_WORDS[turn]} {number}"},
                            "test_steps": {"L": [{"S": "Abrir"}, {"S": "Enviar"}]},
                            "priority": {"S": "ALTA"},
                            "weight": {"N": "1.50"},
                        }
                    }
                ]
            },
            "created_at": {"S": f"{day}T10:{number % 60:02}:{turn:02}.{number % 1000000:06}"},
        }
    yield {
        "data_key": {"S": f"upload-{number:08}"},
        "payload": {"M": {"filename": {"S": f"doc {number}.pdf"}, "size": {"N": str(number)}}},
        "ttl": {"N": str(4102444800 + number)},
    }
