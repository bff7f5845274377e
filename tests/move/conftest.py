import pytest

from support.dynamodb import Tables
from support.s3 import ENVIRONMENT, S3


@pytest.fixture
def dynamodb(s3: S3, monkeypatch: pytest.MonkeyPatch) -> Tables:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return Tables(s3.endpoint)
