"""One open transaction as repositories see it: run statements, add rows, read the clock. Knows no table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, RowMapping, Table, Text, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

Values = Mapping[str, Any]


class Session:
    """A connection inside a transaction. `now` is the instant the transaction began, UTC milliseconds."""

    def __init__(self, connection: Connection, clock: Callable[[], int]) -> None:
        self.connection = connection
        self.clock = clock
        self.now = clock()

    @property
    def sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def rows(self, statement: Executable, values: Values | None = None) -> Sequence[RowMapping]:
        return self.connection.execute(statement, values).mappings().all()

    def tuples(self, statement: Executable) -> Sequence[tuple[Any, ...]]:
        """Return all rows as tuples, which is quicker than mappings where there are many."""
        return self.connection.execute(statement).tuples().all()

    def among(self, column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
        """Return the condition that a text column has one of many values, which are ours: in one parameter, since
        hundreds of them take longer to bind than to look up."""
        if self.sqlite:
            return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))
        return column == func.any(cast(list(values), postgresql.ARRAY(Text)))

    def row(self, statement: Executable, values: Values | None = None) -> RowMapping | None:
        """Return the first row, or None."""
        return self.connection.execute(statement, values).mappings().first()

    def scalar(self, statement: Executable) -> Any:
        """Return the first column of the first row, or None."""
        return self.connection.execute(statement).scalar()

    def run(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> int:
        """Execute a change; return how many rows it touched (meaningless for many sets of values)."""
        return self.connection.execute(statement, values).rowcount

    def add(self, table: Table, values: Values | Sequence[Values]) -> None:
        """Insert one row, or as many as there are values (none at all is fine)."""
        if values:
            self.connection.execute(table.insert(), values)

    def add_new(self, table: Table, values: Values) -> bool:
        """Insert a row unless one with the same key or unique value exists; return whether it was new.

        A failed insert would end a PostgreSQL transaction, hence ON CONFLICT rather than an exception.
        """
        insert = sqlite.insert(table) if self.sqlite else postgresql.insert(table)
        made = insert.values(**values).on_conflict_do_nothing().returning(*table.primary_key.columns)
        return self.connection.execute(made).first() is not None
