"""The templates for AWS, as cfn-lint reads them, and as the program that they start needs them."""

from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file
from cfnlint.decode import decode

from arraigo import lambda_handler
from arraigo.settings import load

INFRA = Path(__file__).parent.parent / "infra"
TEMPLATES = sorted((INFRA / "cloudformation").glob("*.yaml"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_is_one(template: Path) -> None:
    assert [f"{one.rule.id} {one.linenumber}: {one.message}" for one in lint_file(template)] == []


def test_lambda_finds_what_its_template_sets() -> None:
    template, _ = decode(str(INFRA / "cloudformation" / "lambda.yaml"))
    variables: dict[str, Any] = template["Globals"]["Function"]["Environment"]["Variables"]
    said = {"DB_HOST": "db.example.com", "DB_NAME": "arraigo", "DB_USER": "arraigo_app", "ARRAIGO_CORS_ORIGINS": ""}
    said |= {"ARRAIGO_BLOBS": "s3://bucket/blobs", "ARRAIGO_JWT_SECRET": "0123456789abcdef0123456789abcdef"}
    settings = load({name: value if isinstance(value, str) else said[name] for name, value in variables.items()})
    assert settings.iam_auth
    lambda_handler._check(settings)
    assert not settings.embedded
    docker = (INFRA / "lambda" / "Dockerfile").read_text(encoding="utf-8")
    assert f'CMD ["{lambda_handler.__name__}.{lambda_handler.handler.__name__}"]' in docker
