#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/data/merkle/rfc6962.txt, from the definitions of RFC 6962 section 2.1 alone; compares, or writes with --write.

Entry i of a tree is the text "entry <i>". Lines: root SIZE HASH; inclusion INDEX SIZE HASH...;
consistency OLD NEW HASH...
"""
import hashlib
import os
import sys

path = os.path.join(os.environ.get("AXEV_SOURCE_ROOT", "."), "tests/data/merkle/rfc6962.txt")


def sha256(data):
    return hashlib.sha256(data).digest()


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d):
    if not d:
        return sha256(b"")
    if len(d) == 1:
        return sha256(b"\0" + d[0])
    k = split(len(d))
    return sha256(b"\1" + mth(d[:k]) + mth(d[k:]))


def audit_path(m, d):
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return audit_path(m, d[:k]) + [mth(d[k:])]
    return audit_path(m - k, d[k:]) + [mth(d[:k])]


def subproof(m, d, whole):
    if m == len(d):
        return [] if whole else [mth(d)]
    k = split(len(d))
    if m <= k:
        return subproof(m, d[:k], whole) + [mth(d[k:])]
    return subproof(m - k, d[k:], False) + [mth(d[:k])]


def line(kind, *fields):
    return " ".join([kind] + [f.hex() if isinstance(f, bytes) else str(f) for f in fields]) + "\n"


def text():
    entries = [b"entry %d" % i for i in range(600)]
    out = "# SPDX-License-Identifier: Apache-2.0\n# made by tests/interop/merkle_vectors.py\n"
    for n in list(range(0, 18)) + [31, 32, 33, 255, 256, 257, 511, 512, 513, 600]:
        out += line("root", n, mth(entries[:n]))
    for n in [1, 2, 3, 7, 8, 11, 256, 257, 600]:
        for m in sorted({0, 1, n // 2, n - 2, n - 1} & set(range(n))):
            out += line("inclusion", m, n, *audit_path(m, entries[:n]))
    for n in [2, 3, 7, 8, 11, 257, 600]:
        for m in sorted({1, 2, 3, 4, 6, n // 2, 255, 256, n - 1, n} & set(range(1, n + 1))):
            out += line("consistency", m, n, *subproof(m, entries[:n], True))
    return out


if "--write" in sys.argv:
    with open(path, "w", encoding="ascii") as file:
        file.write(text())
    sys.exit(0)
with open(path, encoding="ascii") as file:
    same = file.read() == text()
print("ok" if same else "not ok", "- the checked-in vectors are those of the definitions")
sys.exit(0 if same else 1)
