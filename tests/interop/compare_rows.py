# SPDX-License-Identifier: Apache-2.0
"""Two deliveries of data are compared by axev and by Python, by key and as multisets: the same rows must be added, removed and changed."""
import collections
import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lib_data  # noqa: E402

NAMES = ["王小明", "O'Brien", "", "x,y", 'say "hi"', "\u202e", "Zoë"]


def capture(dsn, *options):
    return json.loads(lib_data.axev("capture", "db", dsn, *options, "--ledger", "L", "--json"))["id"]


def compare(a, b, *options):
    return json.loads(lib_data.axev("compare", a, b, *options, "--ledger", "L", "--json"))


def write(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([columns, *rows])


def text(value):
    """A value of the comparison, as Python has it."""
    assert value["is"] in ("text", "null", "integer", "real"), value
    return value.get("text")


def listed(found, what, columns, side):
    rows = []
    for row in found["rows"]:
        if row["what"] == what:
            values = {cell["name"]: text(cell[side]) for cell in row["cells"]}
            rows += [tuple(values[c] for c in columns)] * row["count"]
    return sorted(rows)


def expect(condition, what, found):
    if not condition:
        sys.exit(f"{what}: {json.dumps(found, ensure_ascii=False)[:3000]}")
    print("ok", what)


def by_key(rnd):
    columns = ["id", "name", "total"]
    old = {i: (str(i), rnd.choice(NAMES), str(rnd.randrange(5))) for i in rnd.sample(range(5000), 1500)}
    new = {i: row for i, row in old.items() if rnd.random() > 0.05}
    for i in rnd.sample(list(new), 40):
        new[i] = (str(i), new[i][1] + "!", new[i][2])
    for i in range(5000, 5060):
        new[i] = (str(i), rnd.choice(NAMES), "7")
    shuffled = list(new.values())
    rnd.shuffle(shuffled)
    write("october.csv", columns, old.values())
    write("november.csv", columns, shuffled)
    a, b = capture("csv:october.csv", "--key-column", "id", "--giver", "A"), capture("csv:november.csv", "--key-column", "id")
    found = compare(a, b)
    one = found["records"]["sets"][0]
    changed = {i for i in old if i in new and old[i] != new[i]}
    removed, added = set(old) - set(new), set(new) - set(old)
    expect((one["same"], one["changed"], one["removed"], one["added"]) ==
           (len(set(old) & set(new)) - len(changed), len(changed), len(removed), len(added)), "numbers by key", one)
    expect(listed(one, "removed", columns, "a") == sorted(old[i] for i in removed), "rows that are gone", one)
    expect(listed(one, "added", columns, "b") == sorted(new[i] for i in added), "rows that are new", one)
    told = {int(text(row["key"][0]["value"])): {c["name"]: (text(c["a"]), text(c["b"])) for c in row["cells"]}
            for row in one["rows"] if row["what"] == "changed"}
    want = {i: {c: (x, y) for c, x, y in zip(columns, old[i], new[i]) if x != y} for i in changed}
    expect(told == want, "columns that changed, old and new values", one)
    expect(not found["same"] and one["key"] == ["id"] and one["rows_not_listed"] == 0, "and that is all", one)
    expect(compare(a, a)["same"], "a capture is the same as itself", found)
    return a, columns, old


def in_another_order(rnd, a, columns, old):
    rows = list(old.values())
    rnd.shuffle(rows)
    write("shuffled.csv", columns[::-1], [row[::-1] for row in rows])
    found = compare(a, capture("csv:shuffled.csv", "--key-column", "id"))
    expect(found["same"] and found["records"]["sets"][0]["same"] == len(old), "order of rows and columns is no difference", found)


def as_multisets(rnd):
    columns = ["item", "n"]
    old = [(rnd.choice("abc"), str(rnd.randrange(4))) for _ in range(700)]
    new = [(rnd.choice("abd"), str(rnd.randrange(4))) for _ in range(650)]
    write("one.csv", columns, old)
    write("two.csv", columns, new)
    left, right = collections.Counter(old), collections.Counter(new)
    for name, options in (("no key", ()), ("a key that stands for several rows", ("--key-column", "item"))):
        one = compare(capture("csv:one.csv", *options), capture("csv:two.csv", *options))["records"]["sets"][0]
        expect(listed(one, "removed", columns, "a") == sorted((left - right).elements()) and
               listed(one, "added", columns, "b") == sorted((right - left).elements()) and
               one["same"] == sum((left & right).values()) and one["changed"] == 0, name, one)
    expect(one["key_repeated"] == 4, "which is said", one)
    in_place_of_a_stated_key()


def in_place_of_a_stated_key():
    """One that was stated and repeats: another takes its place, and both are told."""
    columns = ["item", "nr", "v"]
    write("stated_a.csv", columns, [["x", "1", "old"], ["x", "2", "b"], ["y", "1", "c"]])
    write("stated_b.csv", columns, [["y", "1", "c"], ["x", "1", "new"], ["x", "2", "b"]])
    a, b = (capture(f"csv:stated_{side}.csv", "--key-column", "item") for side in "ab")
    one = compare(a, b, "--key", "item,nr")["records"]["sets"][0]
    expect((one["same"], one["changed"], one["removed"], one["added"]) == (2, 1, 0, 0) and one["key"] == ["item", "nr"] and one["key_named"] is True and
           one["key_stated"] == ["item"] and one["key_repeated"] == 1, "a stated key that repeats gives way to one that is named", one)
    english = lib_data.axev("compare", a, b, "--key", "item,nr", "--ledger", "L", "--lang", "en", "-o", "stated.pdf").decode()
    chinese = lib_data.axev("compare", a, b, "--key", "item,nr", "--ledger", "L", "--lang", "zh").decode()
    expect("  key: item; 1 of its values stand for several rows, so it is not used\n  key, named by the operator" in english and
           "  主键: item；有 1 个值重复，不能区分各行，故不采用\n" in chinese, "both are told", english + chinese)
    printed = subprocess.run(["pdftotext", "stated.pdf", "-"], capture_output=True, text=True).stdout
    expect("1 values of the key that the record set states stand for several rows, so it is not used. Rows are told apart by columns that the operator "
           "named" in " ".join(printed.split()), "and printed", printed)
    refused("the key that was named (item) does not tell the rows of 'stated_a.csv' apart", a, b, "--key", "item")
    once = [capture(f"csv:stated_{side}.csv", "--key-column", "item", "--key-column", "nr") for side in "ab"]
    refused("expected a record set without a key of its own, or with one that repeats, that has the column 'v'", *once, "--key", "v")


def refused(words, *arguments):
    run = subprocess.run([os.path.join(os.environ["AXEV_BUILD_ROOT"], "tools/axev"), "compare", *arguments, "--ledger", "L"], capture_output=True, text=True)
    expect(run.returncode == 2 and words in run.stderr and not run.stdout, "refused: " + words, run.stderr)


def by_a_named_key(rnd):
    """Tables without a primary key and files without a key, by columns that are named when they are compared."""
    columns = ["shop", "nr", "v"]
    def deliver(path, rows):
        rnd.shuffle(rows)
        write(path + ".csv", columns, rows)
        db = sqlite3.connect(path + ".db")
        db.executescript("CREATE TABLE sales(shop, nr, v); CREATE TABLE own(id INTEGER PRIMARY KEY, shop, nr, v); CREATE TABLE other(x);"
                         "INSERT INTO own VALUES(1,'a','1','x'),(2,'a','1','x'); INSERT INTO other VALUES(1),(1)")
        db.executemany("INSERT INTO sales VALUES(?,?,?)", rows)
        db.commit()
        return capture(f"csv:{path}.csv"), capture(f"sqlite:{path}.db")
    old = {(s, str(n)): rnd.choice(NAMES) for s in "abc" for n in range(50)}
    new = {k: v for k, v in old.items() if rnd.random() > 0.1}
    for key in rnd.sample(list(new), 9):
        new[key] += "!"
    new["d", "1"] = "new"
    rows = [[*k, v] for k, v in old.items()]
    (csv_a, db_a), (csv_b, db_b) = deliver("march", rows), deliver("april", [[*k, v] for k, v in new.items()])
    want = (sum(new.get(k) == v for k, v in old.items()), 9, len(set(old) - set(new)), 1)
    for name, a, b in (("a file", csv_a, csv_b), ("a table without a key", db_a, db_b)):
        sets = compare(a, b, "--key", "shop,nr")["records"]["sets"]
        one = [x for x in sets if x["name_a"] in ("march.csv", "sales")][0]
        expect((one["same"], one["changed"], one["removed"], one["added"]) == want and one["key"] == ["shop", "nr"] and
               one["key_named"] is True, name + " by columns that were named", one)
    rest = {x["name_a"]: x for x in sets if x["name_a"] != "sales"}
    expect(rest["own"]["key"] == ["id"] and "key_named" not in rest["own"] and rest["own"]["same"] == 2, "a table's own key stays",
           rest)
    expect("key" not in rest["other"] and rest["other"]["same"] == 2, "a table without these columns is compared by rows", rest)
    english = lib_data.axev("compare", csv_a, csv_b, "--key", "shop,nr", "--ledger", "L", "--lang", "en", "-o", "named.pdf").decode()
    chinese = lib_data.axev("compare", csv_a, csv_b, "--key", "shop,nr", "--ledger", "L", "--lang", "zh").decode()
    expect("  key, named by the operator for this comparison (no value repeats on either side): shop nr" in english and
           "比较时由操作人指定的键 (双方均无重复): shop nr" in chinese, "which is said", english + chinese)
    printed = subprocess.run(["pdftotext", "named.pdf", "-"], capture_output=True, text=True).stdout
    expect("columns that the operator named for this comparison (no value repeats on either side): shop, nr." in
           " ".join(printed.split()), "and printed", printed)
    write("twice.csv", columns, rows + [["a", "1", "again"], ["a", "1", "again"], ["b", "2", ""]])
    twice = capture("csv:twice.csv")
    refused("the key that was named (shop, nr) does not tell the rows of 'march.csv' apart: values of it that stand for several rows: "
            "0 in A, 2 in B", csv_a, twice, "--key", "shop,nr")
    refused("2 in A, 0 in B", twice, csv_b, "--key", "shop,nr")
    refused("expected a record set without a key of its own, or with one that repeats, that has the column 'none' on both sides", csv_a, csv_b, "--key", "none")
    refused("has the columns 'shop' and those named with it on both sides", csv_a, csv_b, "--key", "shop,none")
    refused("--key: expected names with commas between them", csv_a, csv_b, "--key", "shop,,nr")
    keyed = capture("csv:march.csv", "--key-column", "nr")
    refused("expected a record set without a key of its own", keyed, keyed, "--key", "id")


def of_databases():
    def fill(path, statements):
        db = sqlite3.connect(path)
        db.executescript("CREATE TABLE t(a INTEGER, b TEXT, v REAL, PRIMARY KEY(b, a)); CREATE TABLE log(x);" + statements)
        db.commit()
        db.close()
    fill("old.db", "INSERT INTO t VALUES(1,'x',1.5),(2,'x',NULL),(-3,'',2); INSERT INTO log VALUES(1),(1),(NULL); CREATE TABLE gone(x);")
    fill("new.db", "ALTER TABLE t ADD COLUMN extra; INSERT INTO t VALUES(1,'x','1.5 EUR',0),(2,'x',NULL,0),(4,'',2,0);"
                   "INSERT INTO log VALUES(1),(NULL),('1'); CREATE TABLE fresh(x);")
    found = compare(capture("sqlite:old.db"), capture("sqlite:new.db"))["records"]
    expect(found["only_a"] == ["gone"] and found["only_b"] == ["fresh"], "tables of one side only", found)
    sets = {one["name_a"]: one for one in found["sets"]}
    t, log = sets["t"], sets["log"]
    expect(t["key"] == ["b", "a"] and t["columns_only_b"] == ["extra"], "the primary key is the table's; a column was added", t)
    expect((t["same"], t["changed"], t["removed"], t["added"]) == (1, 1, 1, 1), "rows of a database by key", t)
    change = [row for row in t["rows"] if row["what"] == "changed"][0]["cells"]
    expect(change == [{"name": "v", "a": {"is": "real", "text": "1.5"}, "b": {"is": "text", "text": "1.5 EUR"}}],
           "a value of another type", change)
    expect((log["same"], log["removed"], log["added"]) == (2, 1, 1), "the number 1 is not the text 1", log)


def types_and_columns():
    for name, row in (("a.jsonl", '{"id":1,"n":1.0,"only":null}'), ("b.jsonl", '{"id":1,"n":1.00,"t":true}')):
        with open(name, "w", encoding="utf-8") as file:
            file.write(row + "\n")
    one = compare(capture("jsonl:a.jsonl", "--key-column", "id"), capture("jsonl:b.jsonl"))["records"]["sets"][0]
    expect(one["columns_only_a"] == ["only"] and one["columns_only_b"] == ["t"] and one["changed"] == 1 and
           one["rows"][0]["cells"][0]["b"] == {"is": "decimal", "text": "1.00"}, "1.0 is not 1.00", one)
    write("x.csv", ["x"], [["1"]])
    write("y.csv", ["y"], [["1"]])
    found = compare(capture("csv:x.csv"), capture("csv:y.csv"))
    expect("not_compared" in found["records"]["sets"][0] and not found["same"], "no column in common is not the same", found)


def more_than_are_listed():
    write("empty.csv", ["id", "v"], [])
    write("long.csv", ["id", "v"], [[str(i), "x" * 3000] for i in range(2000)])
    one = compare(capture("csv:empty.csv", "--key-column", "id"), capture("csv:long.csv", "--key-column", "id"))["records"]["sets"][0]
    expect(len(one["rows"]) == 1000 and one["rows_not_listed"] == 1000 and one["added"] == 2000, "a thousand are listed", one)
    expect(one["rows"][0]["cells"][1]["b"]["cut"] and len(one["rows"][0]["cells"][1]["b"]["text"]) == 1000, "long values are cut", one)


def for_people(a):
    b = capture("csv:november.csv", "--key-column", "id")
    english = lib_data.axev("compare", a, b, "--ledger", "L", "--lang", "en", "-o", "rows.pdf").decode()
    chinese = lib_data.axev("compare", a, b, "--ledger", "L", "--lang", "zh").decode()
    expect("record set A october.csv, B november.csv: A 1500 rows" in english and "  key: id" in english and " → " in english,
           "told in English", english)
    expect("记录集 A october.csv, B november.csv: A 1500 行" in chinese and "主键: id" in chinese, "told in Chinese", chinese)
    with open("rows.pdf", "rb") as file:
        expect(file.read(5) == b"%PDF-", "and printed", english)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        rnd = random.Random(3)
        lib_data.axev("init", "L", "--origin", "test.example/log")
        a, columns, old = by_key(rnd)
        in_another_order(rnd, a, columns, old)
        for_people(a)
        as_multisets(rnd)
        by_a_named_key(rnd)
        of_databases()
        types_and_columns()
        more_than_are_listed()


main()
