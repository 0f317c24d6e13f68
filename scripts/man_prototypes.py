#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prototypes of an mdoc page on stdin (.Ft, .Fo, .Fa, .Fc), one a line, spelled as prototypes.py does."""
import re
import sys

result = name = ""
arguments = []
for line in sys.stdin:
    macro, _, rest = line.rstrip("\n").partition(" ")
    rest = rest.strip().strip('"')
    if macro == ".Ft":
        result = rest
    elif macro == ".Fo":
        name, arguments = rest, []
    elif macro == ".Fa" and name:
        arguments.append(rest)
    elif macro == ".Fc":
        print(re.sub(r"\* $", "*", result + " ") + f"{name}({', '.join(arguments)})")
        name = ""
