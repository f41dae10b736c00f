"""Logs in and shows what this account has. Service, address, name and password come from the environment."""

import os
import sys

import libcrux

try:
    with libcrux.login(
        os.environ.get("CRUX_SERVICE", "custom"),
        os.environ["CRUX_USER"],
        os.environ["CRUX_PASSWORD"],
        base_url=os.environ.get("CRUX_BASE"),
    ) as client:
        for thing in client.items(os.environ.get("CRUX_PATH", "things/")):
            print(thing["name"])
except libcrux.Error as error:
    sys.exit(str(error))
