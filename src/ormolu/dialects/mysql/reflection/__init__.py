"""What a MySQL or MariaDB database holds."""

from ormolu.dialects.mysql.reflection.plans import MySQLReflection as MySQLReflection

__all__ = ["MySQLReflection"]
