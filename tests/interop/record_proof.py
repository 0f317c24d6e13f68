# SPDX-License-Identifier: Apache-2.0
"""A proof out of a record set, checked from doc/FORMAT.md sections 3.2 and 3.3 alone.

record_proof.py PROOF.json ROOT: prints each cell, exit status 1 when the proof does not lead to ROOT. Without arguments: vector R2."""
import base64
import hashlib
import json
import os
import struct
import sys


def sha256(data):
    return hashlib.sha256(data).digest()


def field_leaf(field, index):
    if "leaf" in field:
        assert set(field) == {"leaf"}
        return bytes.fromhex(field["leaf"])
    assert set(field) == {"cell", "salt"} and len(field["salt"]) == 32
    return sha256(b"\x00" + bytes.fromhex(field["salt"]) + struct.pack(">I", index) + base64.b64decode(field["cell"]))


def proven_root(proof):
    """The root that the proof leads to: computed from the top, with a hash for each subtree that holds nothing known."""
    records, first = int(proof["records"]), int(proof["first"])
    leaves = {0: sha256(b"\x00\x01" + base64.b64decode(proof["header"])),
              records + 1: sha256(b"\x00\x03" + struct.pack(">Q", records))}
    for i, fields in enumerate(proof["proven"]):
        leaves[first + 1 + i] = sha256(b"\x00\x02" + b"".join(field_leaf(f, k) for k, f in enumerate(fields)))
    hashes = [bytes.fromhex(h) for h in proof["hashes"]]
    known = sorted(leaves)

    def node(begin, end):
        if not any(begin <= k < end for k in known):
            return hashes.pop(0)
        if end - begin == 1:
            return leaves[begin]
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        left = node(begin, middle)
        return sha256(b"\x01" + left + node(middle, end))

    root = node(0, records + 2)
    assert not hashes
    return root.hex()


def content(cell):
    return cell[6:] if cell[1:2] == b"\xff" else cell[2:]


R2 = "65e7695a1feeac3ebaab52eeb3b3a7b7422f8aa1e70bb4ceb0933e1c77991691"


def main():
    path, expected = sys.argv[1:] or (os.path.join(os.environ["AXEV_TEST_DATA"], "records", "r2.proof.json"), R2)
    with open(path, "rb") as file:
        proof = json.load(file)
    try:
        root = proven_root(proof)
    except (AssertionError, IndexError, KeyError, ValueError):
        sys.exit("no proof")
    if root != expected:
        sys.exit("leads to " + root)
    for i, fields in enumerate(proof["proven"]):
        for k, field in enumerate(fields):
            print(int(proof["first"]) + i, k, "withheld" if "leaf" in field else content(base64.b64decode(field["cell"])))


if __name__ == "__main__":
    main()
