"""Money as integer minor units.

A table of our own: locale data (CLDR, as in Babel) says how amounts are usually rounded on paper,
which for a dozen currencies is not the minor unit of ISO 4217, and it knows withdrawn ones too.
"""

# What people pay with in 2026, by ISO 4217; no funds, metals or test codes.
_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_WITH_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR
MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG
SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES
WST XCD XCG YER ZAR ZMW ZWG
"""
_WITH_THREE = "BHD IQD JOD KWD LYD OMR TND"
# More than some five hundred to the euro: what is hundreds elsewhere is millions here.
_COUNTED_IN_THOUSANDS = """
AOA ARS BIF CDF CLP COP CRC GNF IDR IQD IRR KHR KMF KPW KRW KZT LAK LBP MGA MMK MNT MWK NGN PYG RWF
SDG SOS SSP SYP TZS UGX UZS VES VND XAF XOF YER
"""
_LIGHT = frozenset(_COUNTED_IN_THOUSANDS.split())
# A sale of more of a currency than this is a typing mistake; a thousand times as much of those.
_LARGEST_SALE = 10_000_000
_DECIMALS = (
    dict.fromkeys(_WITHOUT_DECIMALS.split(), 0)
    | dict.fromkeys(_WITH_TWO.split(), 2)
    | dict.fromkeys(_WITH_THREE.split(), 3)
)


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
