"""A whole run on a real Ray cluster of a head and two worker nodes on this machine, of which one is killed in mid-run and another added.

python -m benchmarks.cluster OUTPUT INPUT...     writes OUTPUT; compare it with that of a local run by benchmarks.same
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

CLEAN = ("--isolated", "-q")


def main(output: str, *inputs: str) -> int:
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    nodes = [cluster.add_node(num_cpus=1), cluster.add_node(num_cpus=1)]
    cluster.wait_for_nodes()
    shards = Path(output) / "shards"
    began = time.monotonic()
    run = subprocess.Popen([sys.executable, "-m", "arlint", "corpus", "fix", *inputs, "-o", output, "--engine", "ray", *CLEAN], env={**os.environ, "RAY_ADDRESS": cluster.address})
    killed = False
    while run.poll() is None:
        done = len(list(shards.glob("*.json"))) if shards.exists() else 0
        if not killed and done >= 5:
            print(f"{time.monotonic() - began:.0f} s: {done} shards done, killing a node", flush=True)
            cluster.remove_node(nodes[0], allow_graceful=False)
            time.sleep(2)
            cluster.add_node(num_cpus=1)
            print(f"{time.monotonic() - began:.0f} s: another node added", flush=True)
            killed = True
        time.sleep(0.2)
    print(f"{time.monotonic() - began:.0f} s: exit status {run.returncode}, {len(list(shards.glob('*.json')))} shards", flush=True)
    cluster.shutdown()
    return 0 if killed and run.returncode in (0, 1) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
