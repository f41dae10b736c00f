"""A program that does not."""

import libcrux

client = libcrux.login("crunch", "a", 5)  # wrong
client = libcrux.login("crunch", "a", "b", no_such_option=1)  # wrong
client = libcrux.login("crunch", "a", "b", timeout_total_ms="soon")  # wrong
client.get(5)  # wrong
client.get("a/", tls_ca_file="only of a client")  # wrong
client.get("a/", headers={"a": 5})  # wrong
client.get("a/").status.upper()  # wrong
client.download("a/", 5)  # wrong
client.get("a/").location.upper()  # wrong
client.none()  # wrong
