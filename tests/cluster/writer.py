"""Opens the state, stores answers, and says the pseudonym of the member who asks: `python -m` this, NAME COUNT."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from pydantic import SecretStr

from bot.state import State
from tests.stored_answers import given


async def main(name: str, count: int) -> None:
    state = await State.open(Path(), SecretStr(os.environ["VERBATIM_DATABASE"]))
    for number in range(count):
        await state.store_answer(given(state, f"{name}.{number}"))
        await state.update_server_settings(int(name), user_seconds=number)
    print(state.pseudonym(1))  # noqa: T201  # the result
    await state.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
