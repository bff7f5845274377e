"""Signing in to RDS with a token of AWS IAM instead of a password (DB_IAM_AUTH)."""

from arraigo.errors import BadSetting


def sign_in_token(host: str, port: int, user: str) -> str:
    """A token for this user at this host; good for 15 minutes, so that each connection takes a fresh one.

    Raises:
        BadSetting: boto3 is not installed, or AWS gives no credentials or region.
    """
    try:
        import boto3  # noqa: PLC0415 - an extra
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ImportError:
        raise BadSetting("DB_IAM_AUTH wants the extra aws", remedy="run: pip install 'arraigo[aws]'") from None
    try:
        token: str = boto3.client("rds").generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user)
    except BotoCoreError as error:
        raise BadSetting(
            f"DB_IAM_AUTH is on, but AWS gives no token ({type(error).__name__})",
            remedy="set AWS_REGION and credentials, or give the task a role",
        ) from error
    return token
