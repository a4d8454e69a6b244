"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Seeds = Annotated[Path, typer.Option(envvar="VERBATIM_SEEDS", help="The folder of articles.", show_default=True)]
Data = Annotated[Path, typer.Option(envvar="VERBATIM_DATA", help="The data folder, which holds the index.")]
Rules = Annotated[Path, typer.Option(envvar="VERBATIM_RULES", help="The folder of custom cleaning rules.")]
EncoderFolder = Annotated[
    Path | None,
    typer.Option(
        "--encoder", envvar="VERBATIM_ENCODER", help="The folder of a sentence encoder, for the extra `semantic`."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SEEDS, DATA, RULES = Path("seeds"), Path("data"), Path("rules.d")
