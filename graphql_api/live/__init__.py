"""Subscriptions: sockets and SSE, fed by Postgres' LISTEN."""
