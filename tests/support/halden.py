"""Where the demo company's models lie."""

from pathlib import Path

import handsel.site

MODELS = Path(handsel.site.__file__).parent / "demo" / "models"
HALDEN = MODELS / "halden-conveyor.model"
