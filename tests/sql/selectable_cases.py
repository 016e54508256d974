"""Selectables that both libraries must write alike: ``(sa, t, u, a) -> statement``.

``sa`` is the namespace (``sqlalchemy`` or ``ormolu``), ``t`` and ``u`` two tables of it,
``u.tid`` referring to ``t.id``, and ``a`` an anonymous alias of ``t``.
"""

from __future__ import annotations

from clause_cases import CLAUSES, CORRELATION, LABELS
from compound_cases import COMPOUNDS, CTES
from from_cases import FROMS, FUNCTIONS, JOINS, VALUES
from selectable_case import Build as Build

GROUPS = {
    "join": JOINS,
    "from": FROMS,
    "values": VALUES,
    "function": FUNCTIONS,
    "cte": CTES,
    "compound": COMPOUNDS,
    "clause": CLAUSES,
    "correlation": CORRELATION,
    "label": LABELS,
}
ALL = {f"{group}: {name}": case for group, found in GROUPS.items() for name, case in found.items()}
