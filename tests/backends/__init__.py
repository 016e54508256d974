"""The databases that the tests run on: which there are, where they are, and whether they ran.

`catalogue` names the backends, `broker` starts each server once per run, `databases` gives each
worker a database of its own, `plugin` has the fixtures, and `report` writes the closing lines.
"""

from .catalogue import BACKENDS as BACKENDS
from .catalogue import Backend as Backend
from .catalogue import with_driver as with_driver
from .programs import SERVERS as SERVERS
from .programs import MySQLOfTheRun as MySQLOfTheRun
from .target import MySQLTarget as MySQLTarget
from .target import PostgreSQLTarget as PostgreSQLTarget
from .target import ServerTarget as ServerTarget
