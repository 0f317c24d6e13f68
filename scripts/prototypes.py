#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exported prototypes of headers on stdin, one a line: spaces normalised, marks and comments removed.

--names prints the function names only.
"""
import re
import sys

text = sys.stdin.read()
text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
text = re.sub(r"^[ \t]*#.*?(?<!\\)$", "", text, flags=re.S | re.M)
for match in re.finditer(r"\bAXEV_API\b([^;{]*);", text):
    prototype = re.sub(r"\bAXEV_(MUST_USE|PRINTF\([^)]*\))", " ", match.group(1))
    prototype = re.sub(r"\s+", " ", prototype).strip()
    name = re.search(r"\b(axev_[a-z0-9_]+) ?\(", prototype)
    if not name:
        sys.exit(f"not understood: {prototype}")
    print(name.group(1) if "--names" in sys.argv else prototype)
