"""Connection pools."""

from .base import AssertionPool as AssertionPool
from .base import AsyncAdaptedQueuePool as AsyncAdaptedQueuePool
from .base import NullPool as NullPool
from .base import Pool as Pool
from .base import QueuePool as QueuePool
from .base import SingletonThreadPool as SingletonThreadPool
from .base import StaticPool as StaticPool
