"""The example of docs/library.md runs as it is printed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
URL = "https://www.channelstv.com/2026/04/23/china-stealing-us-ai-technology-white-house-official/"
PASSAGES = 3


def test_the_library_example_answers_with_a_quotation_and_its_url(tmp_path: Path) -> None:
    [example] = re.findall(
        r"^```python\n(.*?)^```$", (ROOT / "docs/library.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    command = [sys.executable, "-W", "error", "-c", example]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=100)  # noqa: S603  # our own example
    assert ran.returncode == 0, ran.stderr
    verdict, quotation, url, *passages = ran.stdout.splitlines()
    assert verdict == "answered"
    assert "Michael Kratsios said in a post on X." in quotation
    assert url == URL
    assert len(passages) == PASSAGES
    for passage in passages:
        assert re.fullmatch(r"\d+\.\d+ (000_88608c0d96434d55|003_10f24738130fbaea)", passage)


def test_importing_the_package_does_not_load_the_engine() -> None:
    program = (
        "import sys, index; print('index.engine' in sys.modules); index.Engine; print('index.engine' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)  # noqa: S603  # our own program
    assert ran.stdout.split() == ["False", "True"]
