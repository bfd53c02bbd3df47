"""schemathesis calls every operation of the served description with what it can think of."""
import os
import pathlib
import subprocess
import sys

import pytest

HOOKS = pathlib.Path(__file__).with_name("schemathesis_hooks.py")


def run(*options):
    url = os.environ["JIANGHAI_URL"]
    command = [
        os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", f"{url}/api/openapi.json", "--url", url,
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--max-examples", "12", "--seed", "2015", "--generation-database", "none",
        # One worker: Python 3.11 parses source wrongly in two threads at once (cpython issue 106905), and schemathesis parses.
        "--workers", "1", *options,
    ]
    env = {**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)}
    return subprocess.run(command, capture_output=True, text=True, timeout=900, env=env)


@pytest.mark.parametrize("who", ["stranger", "department"])
def test_no_server_error_and_no_undeclared_answer(who):
    options = []
    if who == "department":
        token = os.environ.get("JIANGHAI_TEST_TOKEN")
        if not token:
            pytest.fail("JIANGHAI_TEST_TOKEN is not set; tests/run issues it")
        options = ["-H", f"Authorization: Bearer {token}"]
    done = run(*options)
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
