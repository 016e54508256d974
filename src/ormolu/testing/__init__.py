"""Helpers for tests of programs that use ormolu, and for ormolu's own."""

from .scripted import ScriptedDriver as ScriptedDriver
from .scripted import ScriptedModule as ScriptedModule
from .scripted import scripted_core as scripted_core
from .scripted import scripted_engine as scripted_engine
from .statements import StatementLog as StatementLog
from .statements import assert_sql as assert_sql
from .statements import count_queries as count_queries
