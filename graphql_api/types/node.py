"""The Relay interface of things that can be fetched by id."""

import strawberry


@strawberry.interface(description="A thing with an opaque id, fetched again by `node(id:)`.")
class Node:
    """Carries the global id."""

    id: strawberry.ID = strawberry.field(
        description="Opaque id; it means something only to this business and this caller."
    )
