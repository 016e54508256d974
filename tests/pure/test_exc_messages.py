"""Exceptions: hierarchy, wrapping of driver errors, message text."""

from __future__ import annotations

import pickle
import sqlite3
import traceback

import pytest

from ormolu import exc
from ormolu.orm import exc as orm_exc


def test_driver_error_becomes_the_class_of_its_name() -> None:
    orig = sqlite3.IntegrityError("UNIQUE constraint failed: a.b")
    error = exc.DBAPIError.instance("INSERT INTO a", {"b": 1}, orig, sqlite3.Error)
    assert type(error) is exc.IntegrityError
    assert error.orig is orig
    assert str(error) == (
        "(sqlite3.IntegrityError) UNIQUE constraint failed: a.b\n"
        "[SQL: INSERT INTO a]\n"
        "[parameters: {'b': 1}]"
    )


def test_subclass_of_a_driver_error_is_wrapped_by_its_nearest_known_ancestor() -> None:
    class Locked(sqlite3.OperationalError):
        pass

    error = exc.DBAPIError.instance("S", (), Locked("z"), sqlite3.Error)
    assert type(error) is exc.OperationalError


def test_error_that_is_no_driver_error_is_a_statement_error() -> None:
    error = exc.DBAPIError.instance("S", (), ValueError("z"), sqlite3.Error)
    assert type(error) is exc.StatementError


def test_interrupts_and_unwrappable_errors_come_back_as_they_are() -> None:
    class Mine(exc.DontWrapMixin, Exception):
        pass

    for orig in (KeyboardInterrupt(), Mine()):
        assert exc.DBAPIError.instance("S", (), orig, sqlite3.Error) is orig


def test_details_stand_before_the_message() -> None:
    error = exc.StatementError("m", "S", None, None)
    error.add_detail("raised while flushing <User>")
    assert str(error) == "(raised while flushing <User>)\nm\n[SQL: S]"


def test_parameters_are_hidden_on_request() -> None:
    error = exc.StatementError("m", "S", {"password": "x"}, None, hide_parameters=True)
    assert str(error).endswith("[SQL parameters hidden due to hide_parameters=True]")


def test_long_parameters_are_cut_as_sqlalchemy_cuts_them() -> None:
    text = exc.parameters_text({"a": "x" * 1000})
    assert " ... (709 characters truncated) ... " in text
    text = exc.parameters_text([{"a": 1}] * 11, ismulti=True)
    assert "  ... displaying 10 of 11 total bound parameter sets ...  " in text
    text = exc.parameters_text([tuple(range(200))], ismulti=True)
    assert " ... 100 parameters truncated ... " in text


@pytest.mark.parametrize(
    "error",
    [
        exc.IntegrityError("S", (1,), ValueError("x")),
        exc.StatementError("m", "S", (1,), None),
        exc.NoReferencedColumnError("m", "t", "c"),
        exc.CircularDependencyError("m", {1}, {(1, 1)}),
        exc.NoReferencedTableError("m", "t"),
        exc.ObjectNotExecutableError(5),
        exc.UnsupportedCompilationError("compiler", int, "m"),
        exc.CommitUnknown("COMMIT", None, ValueError("x"), connection_invalidated=True),
        exc.InvalidRequestError("m", code="cd3x"),
        orm_exc.UnmappedInstanceError(object()),
        orm_exc.UnmappedClassError(int),
        orm_exc.ObjectDeletedError(object()),
        orm_exc.LoaderStrategyException(int, "User.name", strategy_key=("selectin",)),
    ],
)
def test_errors_survive_pickling(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert repr(vars(copy)) == repr(vars(error))


def test_a_class_is_at_home_where_it_is_imported_from() -> None:
    classes = {name: getattr(exc, name) for name in exc.__all__}
    orm = {name for name in orm_exc.__all__ if not name.endswith(("ResultFound", "ResultsFound"))}
    homes = {n: c.__module__ for n, c in classes.items() if isinstance(c, type)}
    assert {n for n, home in homes.items() if home == "ormolu.orm.exc"} == orm
    assert {n for n, home in homes.items() if home == "ormolu.exc"} == homes.keys() - orm
    assert all(pickle.loads(pickle.dumps(classes[name])) is classes[name] for name in homes)


def test_a_traceback_names_the_public_module() -> None:
    (text,) = traceback.format_exception_only(exc.IntegrityError("S", None, ValueError("x")))
    assert text == "ormolu.exc.IntegrityError: (builtins.ValueError) x\n[SQL: S]\n"


def test_class_given_for_an_instance_is_explained() -> None:
    assert "supplied where an instance was required" in str(exc.UnmappedInstanceError(dict))


def test_no_such_column_is_also_a_key_error() -> None:
    with pytest.raises(KeyError):
        raise exc.NoSuchColumnError("x")
