#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Count the outcome of `meson test` runs: count_results.py MESON_LOGS_DIR...

Subtests ("ok", "not ok") count one each, other programs one each. What was skipped counts as failed, since a test that
did not run has proven nothing, except vectors that are not the project's (MAY_SKIP): those are counted apart. Prints
"N passed, N failed", then perhaps ", N skipped"; the exit status is 0 only when something ran
and nothing failed.
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

GOOD = {"OK", "EXPECTEDFAIL"}
# The one thing that may be absent: vectors of others, which the project does not ship. Any other skip has failed.
MAY_SKIP = re.compile(r"^ok .*# SKIP skipped: no shared data$", re.M)


def count_cases(junit):
    """{test name: [passed, failed]}: a TAP program is a suite "project.NAME", any other a case NAME."""
    cases = {}
    for suite in xml.parse(junit).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            bad = any(case.find(tag) is not None for tag in ("failure", "error", "skipped"))
            _, dot, program = suite.get("name").partition(".")
            cases.setdefault(program if dot else case.get("name"), [0, 0])[bad] += 1
    return cases


def count_run(logs):
    passed = failed = skipped = 0
    cases = count_cases(logs / "testlog.junit.xml")
    with open(logs / "testlog.json", encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            subtests = cases.get(test["name"], [0, 0])
            good = test["result"] in GOOD
            said = re.findall(r"^(not )?ok - ", test.get("stdout") or "", re.M)
            if sum(subtests) <= 1 and said:  # a script that names what it asserts
                subtests = [said.count(""), len(said) - said.count("")]
            elif sum(subtests) == 0:
                subtests = [1, 0] if good else [0, 1]
            elif not good and subtests[1] == 0:
                subtests = [subtests[0], 1]  # it ended badly after its subtests
            allowed = min(len(MAY_SKIP.findall(test.get("stdout") or "")), subtests[1])
            subtests = [subtests[0], subtests[1] - allowed]
            skipped += allowed
            if subtests[1]:
                print(f"failed: {test['name']} ({test['result']}, {subtests[1]} of {sum(subtests)})")
            passed += subtests[0]
            failed += subtests[1]
    return passed, failed, skipped


def main():
    passed = failed = skipped = 0
    for logs in map(pathlib.Path, sys.argv[1:]):
        try:
            more_passed, more_failed, more_skipped = count_run(logs)
        except (OSError, xml.ParseError) as problem:
            print(f"failed: no outcome in {logs}: {problem}")
            more_passed, more_failed, more_skipped = 0, 1, 0
        if more_passed + more_failed == 0:
            print(f"failed: nothing ran ({logs})")
            more_failed = 1
        passed += more_passed
        failed += more_failed
        skipped += more_skipped
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if failed == 0 and passed > 0 else 1


sys.exit(main())
