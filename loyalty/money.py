"""Money as integer minor units."""

# ISO 4217 currencies whose minor unit is not a hundredth; every other one has two decimals.
_WITHOUT_DECIMALS = (
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"  # ISO 4217
)
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
_DECIMALS = dict.fromkeys(_WITHOUT_DECIMALS.split(), 0) | dict.fromkeys(_WITH_THREE.split(), 3)


def decimals(currency: str) -> int:
    """How many decimals the currency has (0, 2 or 3)."""
    return _DECIMALS.get(currency.upper(), 2)


def shown(minor: int, *, currency: str) -> str:
    """Minor units as a plain decimal with the currency's code, for texts without a locale."""
    places = decimals(currency)
    whole, part = divmod(abs(minor), 10**places)
    sign = "-" if minor < 0 else ""
    fraction = f".{part:0{places}d}" if places else ""
    return f"{sign}{whole}{fraction} {currency.upper()}"
