#!/usr/bin/env python3
"""What is linked into the library, as a list in CycloneDX 1.5: packaging/sbom.py [TARGET]

Crates, versions, licences and checksums are those of Cargo.lock; tools of the build and compiler plug-ins are not in the
list. The same sources give the same bytes.
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOST = "x86_64-unknown-linux-gnu"


def cargo(*words):
    return subprocess.run(["cargo", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def graph(target=HOST):
    """What each crate that is linked needs: {(name, version): {(name, version), ...}}, the library itself included."""
    listed = cargo("tree", "--locked", "--package", "libcrux", "--edges", "normal,no-proc-macro", "--prefix", "depth",
                   "--target", target, "--format", " {p}")
    needs, above = {}, []
    for line in listed.splitlines():
        depth, name, version = re.match(r"(\d+) (\S+) v(\S+)", line).groups()
        crate = (name, version)
        del above[int(depth):]
        if above:
            needs[above[-1]].add(crate)
        needs.setdefault(crate, set())
        above.append(crate)
    return needs


def checksums():
    """The SHA-256 of each crate as the registry has it."""
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    found = re.findall(r'name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"', lock)
    return {(name, version): checksum for name, version, checksum in found}


def reference(crate):
    return "pkg:cargo/{}@{}".format(*crate)


def component(crate, facts, checksum):
    """One crate; a slash is an older way to write OR."""
    made = {"type": "library", "bom-ref": reference(crate), "name": crate[0], "version": crate[1]}
    if facts["description"]:
        made["description"] = " ".join(facts["description"].split())
    if checksum:
        made["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    made["licenses"] = [{"expression": re.sub(r"\s*/\s*", " OR ", facts["license"])}]
    made["purl"] = reference(crate)
    if facts["repository"]:
        made["externalReferences"] = [{"type": "vcs", "url": facts["repository"]}]
    return made


def standard_library():
    """What rustc adds by itself."""
    version = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    return {"type": "library", "bom-ref": f"rust-std@{version}", "name": "rust-std", "version": version,
            "description": "The Rust standard library", "licenses": [{"expression": "MIT OR Apache-2.0"}]}


def page(target):
    needs, sums = graph(target), checksums()
    packages = json.loads(cargo("metadata", "--locked", "--format-version", "1"))["packages"]
    facts = {(package["name"], package["version"]): package for package in packages}
    own = next(crate for crate in needs if crate[0] == "libcrux")
    crates = [component(crate, facts[crate], sums[crate]) for crate in sorted(needs) if crate != own]
    std = standard_library()
    edges = {crate: sorted(map(reference, others)) for crate, others in needs.items()}
    edges[own].append(std["bom-ref"])
    time = int(os.environ.get("SOURCE_DATE_EPOCH", 0))
    stamp = datetime.datetime.fromtimestamp(time, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
        "version": 1,
        "metadata": {**({"timestamp": stamp} if time else {}), "component": component(own, facts[own], None),
                     "properties": [{"name": "libcrux:target", "value": target}]},
        "components": [*crates, std],
        "dependencies": [{"ref": reference(crate), "dependsOn": edges[crate]} for crate in sorted(needs)] +
                        [{"ref": std["bom-ref"], "dependsOn": []}],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(made, sort_keys=True))
    return {**made, "serialNumber": f"urn:uuid:{serial}"}


if __name__ == "__main__":
    print(json.dumps(page(sys.argv[1] if len(sys.argv) > 1 else HOST), indent=1, ensure_ascii=False))
