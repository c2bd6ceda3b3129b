"""Cache keys that carry the business."""

from tenants import context


def key_with_schema(key: str, key_prefix: str, version: int) -> str:
    """The key as stored; raises NoBusinessError outside a business, so nothing is shared."""
    return f"{context.required_schema()}:{key_prefix}:{version}:{key}"
