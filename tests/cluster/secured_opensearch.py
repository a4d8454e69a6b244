"""OpenSearch with its security plugin, set up by the files of `deploy/opensearch`: TLS, users, and the bot's role."""

import base64
import http.client
import re
import shutil
import ssl
import subprocess
from pathlib import Path

import yaml

from .opensearch import OpenSearchCluster
from .opensearch_process import BUILT, Node

DEPLOYED = Path(__file__).parents[2] / "deploy" / "opensearch"
PLUGIN = BUILT / "plugins" / "opensearch-security"
ADMIN, ADMIN_PASSWORD = "admin", "admin: p@ss/w%rd"
USER, PASSWORD = "verbatim", "bot: p@ss/w%rd"
ENCODED = "bot%3A%20p%40ss%2Fw%25rd"
"""The bot's password as a URL has it."""
REINDEX = ("commons-codec", "commons-logging", "http", "opensearch-rest-client", "opensearch-ssl-config", "reindex")
"""How the names of the jars of the module `reindex` begin, for _delete_by_query."""
DESCRIPTOR = """description=reindex
version={version}
name=reindex
classname=org.opensearch.index.reindex.ReindexPlugin
java.version=11
opensearch.version={version}
has.native.controller=false
"""


class SecuredCluster(OpenSearchCluster):
    """A cluster that talks TLS only. `request` asks as its administrator."""

    def __init__(self, folder: Path, nodes: int = 1) -> None:
        certificates = folder / "certificates"
        command = [str(DEPLOYED / "certificates"), str(certificates), "localhost"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own script
        self.authority = certificates / "nodes" / "ca.pem"
        """The file of the certificate authority."""
        self._context = ssl.create_default_context(cafile=self.authority)
        deployed = yaml.safe_load((DEPLOYED / "opensearch.yml").read_text("utf-8"))
        security = {key: value for key, value in deployed.items() if key.startswith(("plugins.", "transport."))}
        super().__init__(folder, nodes, heap="512m", settings=security)
        for node in self.nodes:
            node.environment = {"OPENSEARCH_ADMIN_PASSWORD": ADMIN_PASSWORD, "OPENSEARCH_PASSWORD": PASSWORD}
            _install(node, certificates / "nodes")

    @property
    def urls(self) -> tuple[str, ...]:
        """The HTTPS address of each node, by the name in its certificate."""
        return tuple(f"https://localhost:{node.http_port}" for node in self.nodes)

    def _connection(self, node: Node, timeout: float) -> http.client.HTTPConnection:
        return http.client.HTTPSConnection("localhost", node.http_port, timeout=timeout, context=self._context)

    def _headers(self) -> dict[str, str]:
        credentials = base64.b64encode(f"{ADMIN}:{ADMIN_PASSWORD}".encode()).decode()
        return {"Authorization": f"Basic {credentials}"}


def _install(node: Node, certificates: Path) -> None:
    """Lay out the node's home as a distribution is: a plugin and the core may not have the same jar."""
    config = node.folder / "config"
    shutil.copytree(PLUGIN / "config", config / "opensearch-security")
    for name in ("internal_users.yml", "roles.yml", "roles_mapping.yml"):
        shutil.copy(DEPLOYED / name, config / "opensearch-security")
    (config / "certificates").symlink_to(certificates)
    (node.folder / "plugins").symlink_to(PLUGIN.parent)
    jars = {jar: _artifact(jar) for jar in (BUILT / "lib").glob("*.jar")}
    module = node.folder / "modules" / "reindex"
    module.mkdir(parents=True)
    version = next(re.findall(r"core-(2\..*)\.jar$", jar.name)[0] for jar in jars if jars[jar] == "opensearch-core")
    (module / "plugin-descriptor.properties").write_text(DESCRIPTOR.format(version=version))
    of_plugin = {_artifact(jar) for jar in PLUGIN.glob("*.jar")}
    core = []
    for jar, artifact in jars.items():
        if artifact.startswith(REINDEX):
            (module / jar.name).symlink_to(jar)
        elif artifact not in of_plugin:
            core.append(str(jar))
    node.class_path = ":".join(core)


def _artifact(jar: Path) -> str:
    """The name of a jar without its version."""
    return re.split(r"-\d", jar.name, maxsplit=1)[0]
