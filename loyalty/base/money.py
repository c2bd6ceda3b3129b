"""Money as integer minor units.

Currencies and their decimals are those of ISO 4217 (`iso4217`, released with each amendment). Not
those of locale data (CLDR, as in Babel): it says how amounts are usually rounded on paper, which
for a dozen currencies is not the minor unit, and it knows withdrawn ones too.
"""

from iso4217 import Currency

# Units of account and funds: nobody pays a coffee with them.
_FUNDS = frozenset(["BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW", "XAD"])
# More than some five hundred to the euro: what is hundreds elsewhere is millions here.
_COUNTED_IN_THOUSANDS = """
AOA ARS BIF CDF CLP COP CRC GNF IDR IQD IRR KHR KMF KPW KRW KZT LAK LBP MGA MMK MNT MWK NGN PYG RWF
SDG SOS SSP SYP TZS UGX UZS VES VND XAF XOF YER
"""
_LIGHT = frozenset(_COUNTED_IN_THOUSANDS.split())
# A sale of more of a currency than this is a typing mistake; a thousand times as much of those.
_LARGEST_SALE = 10_000_000
# Metals and codes for tests have no minor unit.
_DECIMALS = {
    each.code: each.exponent
    for each in Currency
    if each.exponent is not None and each.code not in _FUNDS
}


def is_known(currency: str) -> bool:
    """True for the code of a currency in use, in capitals."""
    return currency in _DECIMALS


def decimals(currency: str) -> int:
    """How many decimals the currency has (0, 2 or 3)."""
    # Two for one that was withdrawn after its program began: so have nearly all that ever were.
    return _DECIMALS.get(currency, 2)


def largest_sale(currency: str) -> int:
    """The highest total of one receipt, in minor units: ten million, of light money ten billion."""
    times = 1_000 if currency in _LIGHT else 1
    minor: int = 10 ** decimals(currency)
    return _LARGEST_SALE * times * minor


def shown(minor: int, *, currency: str) -> str:
    """Minor units as a plain decimal with the currency's code, for texts without a locale."""
    places = decimals(currency)
    whole, part = divmod(abs(minor), 10**places)
    sign = "-" if minor < 0 else ""
    fraction = f".{part:0{places}d}" if places else ""
    return f"{sign}{whole}{fraction} {currency}"
