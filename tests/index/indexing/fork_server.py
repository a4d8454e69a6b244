"""Import this in a fork server: its processes then need not load and compile again what the first index needs."""

import gc
import tempfile
from pathlib import Path

from index.engine import Engine

with tempfile.TemporaryDirectory() as _data:
    Engine.open(Path(__file__).parents[3] / "seeds", Path(_data))
gc.collect()
gc.freeze()
