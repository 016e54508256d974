"""What a database can do: capability questions, each a documented field.

A dialect states its answers as data (``Features(insert_returning=True, …)``); compilers and plans
ask them and never look at a dialect's name.
"""

from __future__ import annotations

from typing import Any, Literal, dataclass_transform

__all__ = ["Features", "Paramstyle"]

Paramstyle = Literal["qmark", "numeric_dollar", "format", "pyformat", "named"]


@dataclass_transform(kw_only_default=True, frozen_default=True)
class _Answers:
    """Base of a class of fields with defaults: keyword arguments override them, once.

    What a frozen dataclass is, without the generated code, which costs milliseconds at import.
    """

    def __init__(self, **answers: Any) -> None:
        unknown = answers.keys() - type(self).__annotations__
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        vars(self).update(answers)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} can't be changed: make another")

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({given})"


class Features(_Answers):
    """The capabilities of one database, with the default dialect's answers."""

    #: Does ``INSERT … RETURNING`` exist?
    insert_returning: bool = False
    #: Does ``UPDATE … RETURNING`` exist?
    update_returning: bool = False
    #: Does ``DELETE … RETURNING`` exist?
    delete_returning: bool = False
    #: And for a DELETE that draws from further tables?
    delete_using_returning: bool = True
    #: May one INSERT carry several rows in VALUES?
    multivalues_insert: bool = False
    #: Is ``INSERT INTO t DEFAULT VALUES`` understood?
    default_values: bool = False
    #: Is ``INSERT INTO t () VALUES ()`` understood?
    empty_insert: bool = True
    #: May DEFAULT stand in a VALUES list?
    default_metavalue: bool = False
    #: Does the driver report the generated key of a single-row INSERT (``lastrowid``)?
    lastrowid: bool = True
    #: Is a true boolean type there? If not, ``true()`` compiles to 1 and a bare boolean column in
    #: WHERE to ``column = 1``.
    native_boolean: bool = False
    #: Does the database take a row in about the time that Python takes to make its tuple?
    quick_rows: bool = False
    #: Does the driver give and take ``decimal.Decimal``?
    native_decimal: bool = False
    #: Does the driver give and take ``uuid.UUID``?
    native_uuid: bool = False
    #: Is there an enumerated type?
    native_enum: bool = False
    #: Can a constraint be added after its table (``ALTER TABLE … ADD CONSTRAINT``)?
    alter: bool = True
    #: May a foreign key name a table of another schema?
    cross_schema_foreign_keys: bool = True
    #: Are row locks (``FOR UPDATE``) understood?
    for_update: bool = True
    #: Is DDL part of the transaction?
    transactional_ddl: bool = False
    #: Are sequences there?
    sequences: bool = False
    #: Is ``GENERATED … AS IDENTITY`` there?
    identity_columns: bool = False
    #: Are comments on tables and columns there?
    comments: bool = False
    #: Do they stand inside CREATE TABLE?
    inline_comments: bool = False
    #: Are comments on constraints there?
    constraint_comments: bool = False
    #: Does an integer key count without its ``optional`` sequence?
    sequences_optional: bool = False
    #: What OFFSET without LIMIT needs: the text of an unlimited LIMIT, or None if nothing.
    unlimited: str | None = "-1"
    #: May ORDER BY use the name of a column label of the same SELECT?
    order_by_label: bool = True
    #: Is ``IS DISTINCT FROM`` understood?
    is_distinct_from: bool = True
    #: Does ``(a, b) IN (…)`` want ``VALUES`` before its list?
    tuple_in_values: bool = False
    #: Does a NULL written to an integer primary key still generate one?
    null_primary_key_generates: bool = False
    #: May FROM name several tables in UPDATE?
    update_from: bool = True
    #: Does ``/`` between integers drop the fraction?
    integer_division_floors: bool = True
    #: How many binds one statement may have.
    max_binds: int = 32766
    #: How long a label may be before it is shortened.
    max_identifier_length: int = 9999
    #: Does the driver tell how many rows an UPDATE or DELETE matched?
    sane_rowcount: bool = True
    #: And for ``executemany``, in all?
    sane_multi_rowcount: bool = True
    #: Does the driver send a batch of statements in one round trip?
    pipelines: bool = False
    #: Are views there?
    views: bool = True
