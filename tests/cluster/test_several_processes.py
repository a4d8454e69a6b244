"""Several processes of one application, with their state on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.bot.scene import scene_in
from tests.bot.test_several_processes import (
    Group,
    group_in,
    test_a_button_works_in_the_process_that_takes_the_shard_over,
    test_a_paused_owner_does_nothing_more_when_it_goes_on,
    test_another_process_takes_over_from_a_killed_one,
    test_each_server_is_answered_by_its_own_process,
    test_what_a_member_has_shown_one_process_another_one_knows,
    test_who_deletes_their_data_empties_the_caches_of_all_processes,
)
from tests.discord_server import DiscordServer

__all__ = [
    "test_a_button_works_in_the_process_that_takes_the_shard_over",
    "test_a_paused_owner_does_nothing_more_when_it_goes_on",
    "test_another_process_takes_over_from_a_killed_one",
    "test_each_server_is_answered_by_its_own_process",
    "test_what_a_member_has_shown_one_process_another_one_knows",
    "test_who_deletes_their_data_empties_the_caches_of_all_processes",
]
pytestmark = pytest.mark.cluster


@pytest.fixture
async def group(tmp_path: Path, empty_database: SecretStr) -> AsyncIterator[Group]:
    async with (
        DiscordServer() as server,
        group_in(scene_in(server, tmp_path), empty_database.get_secret_value()) as made,
    ):
        yield made
