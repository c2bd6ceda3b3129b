"""GraphiQL from our own origin, for owners and managers of a business whose plan includes it."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie

from graphql_api import bearer
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import Anonymous
from loyalty.people import viewer
from tenants.lifting_plan import EXPLORING, lifting_plan
from tenants.requests import on_business_host

_EXAMPLE = """# Signed in by this browser's cookie; the book on the side explains the schema.
query Start {
  me {
    __typename
  }
  programs(first: 10) {
    edges {
      node {
        id
        name
      }
    }
  }
}
"""


@ensure_csrf_cookie
@csp_update({"style-src": "'unsafe-inline'", "font-src": "data:"})
def graphiql(request: HttpRequest) -> HttpResponse:
    """The page; 303 to sign in, or 403 with a sentence that says what is missing."""
    business = on_business_host(request).business
    token = bearer.from_cookies(request.COOKIES)
    actor = viewer(token) if token else Anonymous()
    if isinstance(actor, Anonymous):
        return redirect("/sign-in?next=/graphql", permanent=False)
    if not business.has_api or not access.may(actor, Permission.EXPLORE_API):
        missing = {"business": business, "plan": lifting_plan(EXPLORING)}
        return render(request, "graphql_api/no_api.html", missing, status=403)
    facts = {"business": business, "example": _EXAMPLE}
    return render(request, "graphql_api/graphiql.html", facts)
