# SPDX-License-Identifier: Apache-2.0
"""Captures of files of data, taken apart: shared by the tests that compute roots again."""
import io
import json
import os
import subprocess
import sys
import zipfile

from records_root import set_root


def axev(*arguments):
    program = os.path.join(os.environ["AXEV_BUILD_ROOT"], "tools/axev")
    return subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE).stdout


def objects_of(name, dsn, *options):
    """The objects of a sealed capture that axev-verify calls valid, parts opened."""
    package = json.loads(axev("capture", "db", dsn, *options, "--ledger", "L", "--json"))["id"]
    axev("export", package, "--ledger", "L", "-o", name + ".asice")
    verify = os.path.join(os.environ["AXEV_BUILD_ROOT"], "tools/axev-verify")
    subprocess.run([verify, name + ".asice", "--policy", "L/policy.json"], check=True, stdout=subprocess.DEVNULL)
    with zipfile.ZipFile(name + ".asice") as bundle:
        outer = zipfile.ZipFile(io.BytesIO(bundle.read("data/packages/0001.asice")))
    objects = {n: outer.read(n) for n in outer.namelist()}
    for part in [n for n in objects if n.startswith("data/parts/") and n.endswith(".zip")]:
        with zipfile.ZipFile(io.BytesIO(objects[part])) as inner:
            objects.update({n: inner.read(n) for n in inner.namelist()})
    return objects


def expect(name, kind, path, cells, *options):
    """The file is in the package as it is, and the root is that of these cells, one list a row. Gives the set's header."""
    objects = objects_of(name, f"{kind}:{path}", *options)
    with open(path, "rb") as file:
        assert objects["data/handover/file." + kind] == file.read(), name + ": the file is another one"
    row = json.loads(objects["data/evidence.json"])["record_sets"][0]
    root = set_root(objects[row["header"]], objects[row["index"]][8:40], cells).hex()
    if root != row["root"]:
        sys.exit(f"{name}: expected {root}, the package has {row['root']}")
    print("ok", name, row["records"])
    return json.loads(objects[row["header"]])
