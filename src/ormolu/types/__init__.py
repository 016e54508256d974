"""SQL types, generic and standard; how values are converted; types from annotations."""

from __future__ import annotations

from .annotations import type_for_annotation
from .binary import LargeBinary, PickleType, _Binary
from .boolean import BOOLEANTYPE, Boolean, MatchType
from .collection import ARRAY, TupleType
from .decorator import ExternalType, TypeDecorator, UserDefinedType, Variant
from .enumerated import Enum
from .json import JSON
from .literals import STRINGTYPE, resolve
from .null import NULLTYPE, NullType
from .numbers import (
    INTEGERTYPE,
    BigInteger,
    Double,
    Float,
    Integer,
    Numeric,
    NumericCommon,
    SmallInteger,
)
from .operator_classes import OperatorClass
from .schema_type import SchemaType
from .standard import (
    BIGINT,
    BINARY,
    BLOB,
    BOOLEAN,
    CHAR,
    CLOB,
    DATE,
    DATETIME,
    DECIMAL,
    DOUBLE,
    DOUBLE_PRECISION,
    FLOAT,
    INT,
    INTEGER,
    NCHAR,
    NUMERIC,
    NVARCHAR,
    REAL,
    SMALLINT,
    TEXT,
    TIME,
    TIMESTAMP,
    UUID,
    VARBINARY,
    VARCHAR,
)
from .temporal import Date, DateTime, Interval, Time
from .text import Concatenable, Indexable, String, Text, Unicode, UnicodeText
from .type_api import Comparator, TypeEngine, adapt_type, register_type_text, to_instance
from .uuid import Uuid

__all__ = [
    "ARRAY",
    "BIGINT",
    "BINARY",
    "BLOB",
    "BOOLEAN",
    "BOOLEANTYPE",
    "CHAR",
    "CLOB",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "DOUBLE_PRECISION",
    "FLOAT",
    "INT",
    "INTEGER",
    "INTEGERTYPE",
    "JSON",
    "NCHAR",
    "NULLTYPE",
    "NUMERIC",
    "NVARCHAR",
    "REAL",
    "SMALLINT",
    "STRINGTYPE",
    "TEXT",
    "TIME",
    "TIMESTAMP",
    "UUID",
    "VARBINARY",
    "VARCHAR",
    "BigInteger",
    "Boolean",
    "Comparator",
    "Concatenable",
    "Date",
    "DateTime",
    "Double",
    "Enum",
    "ExternalType",
    "Float",
    "Indexable",
    "Integer",
    "Interval",
    "LargeBinary",
    "MatchType",
    "NullType",
    "Numeric",
    "NumericCommon",
    "OperatorClass",
    "PickleType",
    "SchemaType",
    "SmallInteger",
    "String",
    "Text",
    "Time",
    "TupleType",
    "TypeDecorator",
    "TypeEngine",
    "Unicode",
    "UnicodeText",
    "UserDefinedType",
    "Uuid",
    "Variant",
    "_Binary",
    "adapt_type",
    "register_type_text",
    "resolve",
    "to_instance",
    "type_for_annotation",
]
