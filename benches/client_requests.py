"""Python requests: a session that is kept, as its manual recommends."""

import os
import sys
import time

try:
    import requests
except ImportError:
    sys.exit("requests is not installed")

POSTED = b'{"name": "Ada Lovelace", "email": "ada@example.com", "role": "analyst", "active": true}'

kind, base, path, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
session = requests.Session()
session.trust_env = False
session.verify = os.environ.get("BENCH_CA", True)
session.headers["Authorization"] = "Bearer 0123456789abcdef0123456789abcdef01234567"


def request():
    if kind == "post":
        response = session.post(base + path, data=POSTED, headers={"Content-Type": "application/json"})
    else:
        response = session.get(base + path)
    assert response.ok and response.content


if kind != "cold":
    request()
cpu, wall = time.process_time(), time.monotonic()
for _ in range(count):
    request()
cpu, wall = time.process_time() - cpu, time.monotonic() - wall
with open("/proc/self/status") as status:
    rss = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(f"{cpu * 1e6:.0f} {wall * 1e6:.0f} {rss}")
