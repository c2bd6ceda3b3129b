"""Tests of local/: real processes, real Postgres, no Django."""
