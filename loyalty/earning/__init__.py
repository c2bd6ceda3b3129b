"""A tap and its scan: sessions are minted, collected and credited."""

from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint, preview

__all__ = [
    "SaleInput",
    "collect",
    "mint",
    "preview",
]
