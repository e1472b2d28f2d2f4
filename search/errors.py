"""What can be wrong with a query or one of its parameters."""

from __future__ import annotations

from index.errors import InputError


class QueryError(InputError):
    """A query or parameter that cannot be answered.

    `code` is stable English for programs (`invalid_date`), `parameter` names what was wrong,
    `detail` is one English sentence; page and endpoint translate by `code`, with `values` filled
    in.
    """

    def __init__(self, code: str, parameter: str, detail: str, **values: object) -> None:
        super().__init__(detail)
        self.code = code
        self.parameter = parameter
        self.detail = detail
        self.values = values
