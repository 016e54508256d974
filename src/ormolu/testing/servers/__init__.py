"""Private database servers, for tests: started from the installed programs, gone afterwards.

::

    with PostgreSQLServer(settings={"max_connections": 10}) as server:
        engine = create_engine(server.url(driver="postgresql+psycopg"))
        server.kill()
        server.start()

Nothing of the machine's own servers is read or touched. `Proxy` stands between a client and a
server, and cuts, stalls or refuses connections.
"""

from .errors import ServerFailed as ServerFailed
from .errors import ServerUnavailable as ServerUnavailable
from .mariadb import MariaDBServer as MariaDBServer
from .mysql import MySQLServer as MySQLServer
from .mysql_family import MySQLFamilyServer as MySQLFamilyServer
from .pgbouncer import PgBouncer as PgBouncer
from .postgresql import PostgreSQLServer as PostgreSQLServer
from .proxy import Proxy as Proxy
from .server import DatabaseServer as DatabaseServer
from .server import Server as Server
