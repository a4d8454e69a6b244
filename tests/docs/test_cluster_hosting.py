"""What is shipped for several machines agrees with itself, with the image and with the page about it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import EXPECTED

ROOT = Path(__file__).parents[2]
SCALING = (ROOT / "docs/scaling.md").read_text("utf-8")
OPENSEARCH = ROOT / "deploy/opensearch"
NODES = ("opensearch-1", "opensearch-2", "opensearch-3")
BOTS = ("verbatim-0", "verbatim-1")


def load(file: str) -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / file).read_text("utf-8")))


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return dict(load("compose.cluster.yaml")["services"])


def test_the_services_are_two_bots_three_nodes_and_a_database(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {*BOTS, *NODES, "postgresql"}
    shards = [services[bot]["environment"]["VERBATIM_SHARD_IDS"] for bot in BOTS]
    assert shards == ["0", "1"]
    assert {services[bot]["environment"]["VERBATIM_SHARD_COUNT"] for bot in BOTS} == {str(len(BOTS))}


def test_a_bot_is_run_as_without_a_cluster(services: dict[str, dict[str, Any]]) -> None:
    alone = load("compose.yaml")["services"]["verbatim"]
    changed = {"build", "image", "environment", "volumes", "secrets"}
    for bot in BOTS:
        assert {key: services[bot][key] for key in alone.keys() - changed} == {
            key: alone[key] for key in alone.keys() - changed
        }
        assert alone["environment"].items() <= services[bot]["environment"].items()
        assert set(alone["secrets"]) < set(services[bot]["secrets"])


def test_a_bot_has_no_settings_that_the_program_does_not_know(services: dict[str, dict[str, Any]]) -> None:
    assert services[BOTS[0]]["environment"].keys() <= EXPECTED.keys()


def test_the_image_has_the_extra_and_a_folder_for_each_volume(services: dict[str, dict[str, Any]]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    (argument, file), *others = services[BOTS[0]]["build"]["args"].items()
    assert not others
    assert re.search(rf"^ARG {argument}=requirements.txt$", dockerfile, re.MULTILINE)
    assert f"!{file}" in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    folders = re.search(r"mkdir (.*) && chown verbatim:verbatim (.*)$", dockerfile, re.MULTILINE)
    assert folders
    assert folders[1] == folders[2]
    mounts = {volume.split(":")[1] for volume in services[BOTS[0]]["volumes"]}
    assert mounts - {"/rules.d"} == set(folders[1].split())


def test_nothing_runs_without_limits_and_all_come_back_by_themselves(services: dict[str, dict[str, Any]]) -> None:
    for service in services.values():
        assert service["restart"] == "unless-stopped"
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert service["healthcheck"]["test"]
        assert "ports" not in service


def test_the_nodes_and_the_bots_call_the_nodes_by_their_names(services: dict[str, dict[str, Any]]) -> None:
    for node in NODES:
        environment = services[node]["environment"]
        assert services[node]["hostname"] == environment["node.name"] == node
        for key in ("discovery.seed_hosts", "cluster.initial_cluster_manager_nodes"):
            assert tuple(environment[key].split(",")) == NODES
    urls = services[BOTS[0]]["environment"]["VERBATIM_OPENSEARCH"]
    assert re.findall(r"(opensearch-\d):9200", urls) == list(NODES)
    assert urls.count("https://") == len(NODES)
    assert f"certificates secrets/opensearch {' '.join(NODES)}" in SCALING


def test_the_tests_run_the_version_of_the_image(services: dict[str, dict[str, Any]]) -> None:
    pom = (ROOT / "tests/cluster/opensearch_node/pom.xml").read_text("utf-8")
    (version,) = re.findall(r"<opensearch.version>(.*)</opensearch.version>", pom)
    assert {services[node]["image"] for node in NODES} == {f"opensearchproject/opensearch:{version}"}


def test_passwords_are_given_from_outside_and_the_page_makes_each(services: dict[str, dict[str, Any]]) -> None:
    values = [str(value) for service in services.values() for value in service["environment"].values()]
    asked = {name for value in values for name in re.findall(r"\$\{(\w+):\?\}", value)}
    (made,) = re.findall(r"for name in (.*); do", SCALING)
    assert asked == {f"{name}_PASSWORD" for name in made.split()}
    for service in services.values():
        for name, value in service["environment"].items():
            assert "PASSWORD" not in name or re.fullmatch(r"\$\{\w+:\?\}", value)


def test_every_file_that_is_mounted_is_shipped_or_secret(services: dict[str, dict[str, Any]]) -> None:
    mounted = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    files = {path.removeprefix("./") for path in mounted if path.startswith("./")} - {"seeds", "rules.d"}
    for path in files:
        assert (ROOT / path).is_file() or path.startswith("secrets/")
    assert (ROOT / "deploy/postgresql/verbatim.sql").read_text("utf-8").count("superuser") == 1  # only in its comment


def test_the_role_reaches_the_indices_of_the_bot_and_no_others() -> None:
    role = load("deploy/opensearch/roles.yml")["verbatim"]
    assert role == json.loads((OPENSEARCH / "role.json").read_text("utf-8"))
    assert [each["index_patterns"] for each in role["index_permissions"]] == [["verbatim-*"]]
    allowed = [*role["cluster_permissions"], *role["index_permissions"][0]["allowed_actions"]]
    assert "*" not in allowed
    assert not [action for action in allowed if action.startswith("cluster:admin")]
    mapping = load("deploy/opensearch/roles_mapping.yml")
    assert mapping["verbatim"]["users"] == ["verbatim"]
    assert set(load("deploy/opensearch/internal_users.yml")) == {"_meta", "admin", "verbatim"}


def test_the_certificates_are_of_their_authority_and_for_the_names_of_the_nodes(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    command = [str(OPENSEARCH / "certificates"), str(folder), *NODES]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own script
    authority = str(folder / "nodes/ca.pem")
    for purpose, file in (("sslserver", "nodes/node.pem"), ("sslclient", "nodes/node.pem"), ("sslclient", "admin.pem")):
        verified = openssl("verify", "-x509_strict", "-purpose", purpose, "-CAfile", authority, str(folder / file))
        assert verified.endswith(": OK\n")
    for node in NODES:
        shown = openssl("x509", "-in", str(folder / "nodes/node.pem"), "-noout", "-checkhost", node)
        assert "does match" in shown
    settings = load("deploy/opensearch/opensearch.yml")
    for file, names in (
        ("nodes/node.pem", "plugins.security.nodes_dn"),
        ("admin.pem", "plugins.security.authcz.admin_dn"),
    ):
        subject = openssl("x509", "-in", str(folder / file), "-noout", "-subject", "-nameopt", "RFC2253")
        assert [subject.strip().removeprefix("subject=")] == settings[names]
    named = {Path(value).name for key, value in settings.items() if key.endswith("_filepath")}
    assert named == {path.name for path in (folder / "nodes").iterdir()}
    assert not [path for path in folder.iterdir() if path.is_file() and path.stat().st_mode & 0o077]
    again = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # likewise
    assert again.returncode == 1
    assert "has certificates already" in again.stderr


def openssl(*arguments: str) -> str:
    """What openssl prints."""
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout  # noqa: S603, S607  # as installed
