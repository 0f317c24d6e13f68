#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A container of ours in the hands of unzip, sha256sum and Python: they see the same bytes as we do.
set -eu
golden=${AXEV_SOURCE_ROOT:-.}/tests/data/container/golden/c1.asice
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "b9258f0a6a30b10397f4c23c747c34b81c8e3588fe141d1197bdd7000734f5b5  $golden" | sha256sum -c --quiet
unzip -tq "$golden"
unzip -q "$golden" -d "$work"
(cd "$work" && sha256sum -c --quiet manifest-sha256.txt)
test "$(cat "$work/mimetype")" = application/vnd.etsi.asic-e+zip
python3 - "$golden" <<'PY'
import base64, hashlib, sys, zipfile
import xml.etree.ElementTree as tree
with zipfile.ZipFile(sys.argv[1]) as container:
    assert container.testzip() is None
    assert container.namelist()[0] == "mimetype"
    assert all(i.date_time == (1980, 1, 1, 0, 0, 0) and not i.extra for i in container.infolist())
    space = {"a": "http://uri.etsi.org/02918/v1.2.1#", "d": "http://www.w3.org/2000/09/xmldsig#"}
    root = tree.fromstring(container.read("META-INF/ASiCManifest001.xml"))
    listed = root.findall("a:DataObjectReference", space)
    names = [item.get("URI") for item in listed]
    assert names == sorted(n for n in container.namelist() if n != "mimetype" and not n.startswith("META-INF/"))
    for item in listed:
        digest = base64.b64encode(hashlib.sha256(container.read(item.get("URI"))).digest()).decode()
        assert item.find("d:DigestValue", space).text == digest
PY
