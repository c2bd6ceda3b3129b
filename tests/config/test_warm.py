"""Who comes first waits for nothing that the server could have loaded before."""

import json
import os
import subprocess
import sys

from config.warm import templates
from local.checkout import Checkout

# A process as `manage.py serve` starts it; then what first callers need, and what that imported.
_CHILD = """
import json, sys
import django
django.setup()
import config.server
from django.contrib.auth.hashers import check_password, make_password
from django.template import engines
from django.urls import get_resolver
from config.warm import templates

before = set(sys.modules)
(loader,) = engines["django"].engine.template_loaders
cold = [name for name in templates() if not any(name in key for key in loader.get_template_cache)]
check_password("x", make_password("x"))
for conf in ("config.urls_business", "config.urls_operators", "config.urls_public"):
    # Which views there are.
    assert len(get_resolver(conf).reverse_dict)
print(json.dumps({"cold": cold, "imported": sorted(set(sys.modules) - before)}))
"""


def test_a_server_has_loaded_what_first_callers_need() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _CHILD],
        check=True,
        cwd=Checkout.here().root,
        env=os.environ,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    found = json.loads(ended.stdout.splitlines()[-1])
    assert found["cold"] == []
    assert found["imported"] == []


def test_all_our_templates_are_loaded() -> None:
    names = templates()
    assert {"console/sign_in.html", "graphql_api/graphiql.html"} <= set(names)
    assert {"tenants/plain_page.html", "loyalty/sign_in_mail.txt"} <= set(names)
