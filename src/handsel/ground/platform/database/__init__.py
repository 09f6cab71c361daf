"""Where the database comes from: PostgreSQL from a wheel, or any server by its address.

Neither knows Django. A provider starts what has to be started, says under which address each
role reaches the database, and stops what it started.
"""

from handsel.ground.platform.database.embedded import EmbeddedProvider
from handsel.ground.platform.database.errors import DatabaseUnavailable
from handsel.ground.platform.database.external import UrlProvider
from handsel.ground.platform.database.provider import Provider, Role, choose_provider

__all__ = [
    "DatabaseUnavailable",
    "EmbeddedProvider",
    "Provider",
    "Role",
    "UrlProvider",
    "choose_provider",
]
