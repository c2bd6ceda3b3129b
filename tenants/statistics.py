"""What the database's planner knows of the active business's tables."""

from collections.abc import Sequence

from django.db import Error, connections
from psycopg import sql


def analyze(tables: Sequence[str]) -> bool:
    """Let the planner look at these tables now, before the database does so by itself.

    As their owner, for nobody else may; False when that login cannot be had.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, tables))
    try:
        with connections["owner"].cursor() as cursor:
            cursor.execute(sql.SQL("ANALYZE {}").format(names))
    except Error:
        return False
    return True
