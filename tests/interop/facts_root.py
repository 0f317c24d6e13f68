# SPDX-License-Identifier: Apache-2.0
"""The root of a facts record set, computed from doc/FORMAT.md section 3 alone, against vector R1."""
import hashlib
import hmac
import json
import os
import struct

VECTOR = "e05490cf2dcee607ab40ade198d58bb1a376089d5054fde8ea738ec787999ceb"
FIELDS = {
    "case": ["number", "clue_number", "document_number", "cause", "agency", "purpose", "fact_to_prove", "place",
             "access", "notices", "medium", "medium_not_seized_reason", "no_video_reason", "no_witness_reason",
             "no_party_reason", "exceptions", "secrecy", "note"],
    "person": ["role", "name", "unit", "id_kind", "id_number", "address", "contact", "statement", "note"],
}


def sha256(data):
    return hashlib.sha256(data).digest()


def tree(leaves):
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:]))


def mac(key, data):
    return hmac.new(key, data, "sha256").digest()


def record(secret, index, kind, values):
    key = mac(secret, b"ax-record/1" + struct.pack(">Q", index))
    leaves = []
    for i, text in enumerate([kind] + [values.get(name) for name in FIELDS[kind]]):
        raw = b"" if text is None else text.encode()
        cell = b"\x00" if text is None else b"\x05" + struct.pack(">I", len(raw)) + raw
        salt = mac(key, b"ax-field/1" + struct.pack(">I", i))[:16]
        leaves.append(sha256(b"\x00" + salt + struct.pack(">I", i) + cell))
    return sha256(b"\x00\x02" + tree(leaves))


def main():
    path = os.path.join(os.environ.get("AXEV_SOURCE_ROOT", "."), "doc/examples/case-facts.json")
    with open(path, encoding="utf-8") as file:
        case_file = json.load(file)
    secret = bytes([1, 2, 3]) + bytes(29)
    header = {"encoding": "row-c14n/1", "fields": FIELDS, "format": "ax-facts/1"}
    leaves = [sha256(b"\x00\x01" + json.dumps(header, separators=(",", ":"), sort_keys=True).encode())]
    leaves.append(record(secret, 0, "case", case_file["case"]))
    for i, person in enumerate(case_file["people"]):
        leaves.append(record(secret, i + 1, "person", person))
    leaves.append(sha256(b"\x00\x03" + struct.pack(">Q", 1 + len(case_file["people"]))))
    root = tree(leaves).hex()
    assert root == VECTOR, f"expected {VECTOR}, found {root}"


main()
