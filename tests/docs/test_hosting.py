"""What is shipped for hosting agrees with the image, the settings and the program, and so do the pages about it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import __main__ as program
from bot.client import CANCEL_SECONDS, SHUTDOWN_SECONDS
from bot.policy.permissions import NEEDED, OPTIONAL, PERMISSION_NAMES
from bot.settings import EXPECTED

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
HOSTING = (ROOT / "docs/hosting.md").read_text("utf-8")
MEGABYTES = 512
"""Of the smallest machine that the page promises."""


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    services: dict[str, Any] = compose()["services"]
    assert list(services) == ["verbatim"]
    return dict(services["verbatim"])


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8")))


def unit() -> dict[str, list[str]]:
    """The unit's settings, each with its values."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "deploy/verbatim.service").read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def seconds(written: str) -> float:
    return float(written.removesuffix("s"))


# ---- compose.yaml ----------------------------------------------------------------------------------------------------


def test_the_folders_of_the_host_are_where_the_settings_say(service: dict[str, Any]) -> None:
    mounts = dict(volume.split(":")[1::-1] for volume in service["volumes"])
    assert mounts == {"/seeds": "./seeds", "/rules.d": "./rules.d", "/data": "data"}
    variables = service["environment"]
    assert {variables[name] for name in ("VERBATIM_SEEDS", "VERBATIM_RULES", "VERBATIM_DATA")} == set(mounts)
    assert variables.keys() <= EXPECTED.keys()
    assert list(compose()["volumes"]) == ["data"]


def test_nothing_in_the_image_hides_the_articles_of_the_host() -> None:
    assert re.findall(r"^VOLUME (.*)$", DOCKERFILE, re.MULTILINE) == ['["/data"]']
    assert not re.search(r"^COPY .*seeds", DOCKERFILE, re.MULTILINE)
    assert "VERBATIM_SEEDS=/seeds VERBATIM_DATA=/data" in DOCKERFILE


def test_the_token_is_a_secret_and_in_no_repository(service: dict[str, Any]) -> None:
    (secret,) = service["secrets"]
    assert service["environment"]["DISCORD_TOKEN_FILE"] == f"/run/secrets/{secret}"
    file = compose()["secrets"][secret]["file"]
    assert f"/{Path(file).parent}/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert str(Path(file)) in HOSTING
    assert service["env_file"] == [{"path": ".env", "required": False}]


def test_the_container_is_healthy_as_the_image_says_and_comes_back_by_itself(service: dict[str, Any]) -> None:
    check = re.search(r"^HEALTHCHECK (.*) CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert check
    assert ["CMD", *yaml.safe_load(check[2])] == service["healthcheck"]["test"]
    stated = {name.replace("-", "_"): value for name, value in re.findall(r"--([a-z-]+)=(\S+)", check[1])}
    assert stated == {name: str(value) for name, value in service["healthcheck"].items() if name != "test"}
    assert service["restart"] == "unless-stopped"
    assert seconds(service["stop_grace_period"]) > SHUTDOWN_SECONDS + CANCEL_SECONDS


def test_the_container_may_do_little_and_fits_a_small_machine(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108  # in the container
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["mem_limit"].removesuffix("m")) < MEGABYTES
    assert f"{MEGABYTES} MB" in HOSTING


def test_the_user_of_the_image_is_the_one_that_the_page_lets_write_the_articles() -> None:
    user = re.search(r"useradd --uid (\d+) --gid (\d+)", DOCKERFILE)
    assert user
    assert re.search(rf"user {user[1]} of group {user[2]}", HOSTING)
    assert f"chgrp -R {user[2]} seeds" in HOSTING
    assert re.search(r"^USER verbatim$", DOCKERFILE, re.MULTILINE)


# ---- the unit --------------------------------------------------------------------------------------------------------


def test_the_unit_runs_the_bot_where_its_settings_find_everything() -> None:
    found = unit()
    (state,), (folder,), (command,) = found["StateDirectory"], found["WorkingDirectory"], found["ExecStart"]
    assert state.split() == ["verbatim", "verbatim/seeds", "verbatim/data"]
    assert folder == "/var/lib/verbatim"
    assert command == "/opt/verbatim/.venv/bin/python -m bot"
    variables = dict(one.split("=", 1) for line in found["Environment"] for one in line.split())
    assert variables.keys() <= EXPECTED.keys()
    name, _, source = found["LoadCredential"][0].partition(":")
    assert variables == {"DISCORD_TOKEN_FILE": f"%d/{name}"}
    assert source in HOSTING


def test_the_unit_restarts_unless_something_must_be_corrected() -> None:
    found = unit()
    assert found["Restart"] == ["on-failure"]
    assert found["RestartPreventExitStatus"] == [str(program.UNUSABLE)]
    assert float(found["TimeoutStopSec"][0]) > SHUTDOWN_SECONDS + CANCEL_SECONDS
    assert int(found["MemoryMax"][0].removesuffix("M")) < MEGABYTES


def test_the_unit_lets_the_bot_write_nothing_but_its_folder() -> None:
    found = unit()
    assert found["User"] == ["verbatim"]
    assert found["ProtectSystem"] == ["strict"]
    assert found["NoNewPrivileges"] == ["yes"]
    assert found["CapabilityBoundingSet"] == [""]
    assert "ReadWritePaths" not in found


# ---- the pages -------------------------------------------------------------------------------------------------------


def names_of(permissions: tuple[str, ...]) -> list[str]:
    """Their names where Discord's portal and a server's settings show them; a channel's settings say "View Channel"."""
    return [PERMISSION_NAMES[name].value.replace("View Channel", "View Channels") for name in permissions]


def test_the_readme_names_the_permissions_of_the_invite_link() -> None:
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert [name for name in names_of(NEEDED) if f"*{name}*" not in readme] == []
    assert [name for name in names_of(OPTIONAL) if f"*{name}*" in readme] == []


def test_the_page_says_what_each_permission_is_for() -> None:
    table = HOSTING.partition("| permission | for |")[2].partition("\n\n")[0]
    named = [name.removesuffix(", where wanted") for name in re.findall(r"^\| ([A-Z].*?) \|", table, re.MULTILINE)]
    assert sorted(", ".join(named).split(", ")) == sorted(names_of(NEEDED + OPTIONAL))


def test_the_readme_names_user_install_and_how_a_bot_is_private() -> None:
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert "*User Install*" in readme
    assert readme.index("*Install Link* *None*") < readme.index("*Public Bot*")
