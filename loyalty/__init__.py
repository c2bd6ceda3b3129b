"""The product: earning, redeeming, the ledger and its rules; it knows no web and no tenant."""
