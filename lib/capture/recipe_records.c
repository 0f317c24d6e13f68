/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/recipe_records.h"

#include "base/json.h"
#include "package/layout.h"

/* Nothing but what Python 3 brings along, and openssl for salts. Written from the format, not from the library: tests/interop has its brothers. */
static const char script[] =
	"记录集的根不能逐条用命令算出, 由以下程序算出 (需要 python3 和 openssl) / roots of record sets take a program (needs python3 and openssl):\n"
	"\n"
	"```python\n"
	"# python3 records.py FOLDER...: 由记录重算各记录集的根 (格式说明第 3 节), 并与所交 CSV 文件各行比对\n"
	"# Roots of all record sets made again out of their records (section 3 of the format); rows compared with a CSV file handed over.\n"
	"# 运行时, 盐的密钥见于本机进程列表 / while it runs, keys of the salts stand in this machine's list of processes\n"
	"import base64, bisect, csv, functools, hashlib, io, json, os, struct, subprocess, sys\n"
	"\n"
	"def sha256(data):\n"
	"    return hashlib.sha256(data).digest()\n"
	"\n"
	"def b64(text):\n"
	"    return base64.b64decode(text, validate=True)\n"
	"\n"
	"def read(path):\n"
	"    for folder in sys.argv[1:]:\n"
	"        if os.path.exists(os.path.join(folder, path)):\n"
	"            return open(os.path.join(folder, path), \"rb\").read()\n"
	"    sys.exit(path + \" 不存在 / is not there\")\n"
	"\n"
	"def records_of(data):\n"
	"    at = 0\n"
	"    while at < len(data):\n"
	"        size = struct.unpack_from(\">I\", data, at)[0]\n"
	"        yield data[at + 4:at + 4 + size]\n"
	"        at += 4 + size\n"
	"\n"
	"def cells_of(record):\n"
	"    at, cells = 0, []\n"
	"    while at < len(record):\n"
	"        if record[at] == 0:\n"
	"            end = at + 1\n"
	"        elif record[at + 1] < 255:\n"
	"            end = at + 2 + record[at + 1]\n"
	"        else:\n"
	"            end = at + 6 + struct.unpack_from(\">I\", record, at + 2)[0]\n"
	"        cells.append(record[at:end])\n"
	"        at = end\n"
	"    return cells\n"
	"\n"
	"def salts_of(key, size):\n"
	"    command = [\"openssl\", \"enc\", \"-aes-256-ctr\", \"-K\", key.hex(), \"-iv\", \"0\" * 32]\n"
	"    return subprocess.run(command, input=bytes(size), stdout=subprocess.PIPE, check=True).stdout\n"
	"\n"
	"def root_of(header, secret, records):\n"
	"    @functools.lru_cache(maxsize=256)\n"
	"    def node(depth, bits):\n"
	"        return sha256(bytes([bits & 1]) + node(depth - 1, bits >> 1) + b\"ax-key/3\") if depth else secret\n"
	"    leaves = [sha256(b\"\\0\\1\" + header)]\n"
	"    for i, record in enumerate(records):\n"
	"        cells, fields = cells_of(record), b\"\"\n"
	"        if i % 256 == 0:\n"
	"            salts = io.BytesIO(salts_of(node(32, i // 256), 16 * 256 * len(cells)))\n"
	"        for k, cell in enumerate(cells):\n"
	"            fields += sha256(b\"\\0\" + salts.read(16) + struct.pack(\">I\", k) + cell)\n"
	"        leaves.append(sha256(b\"\\0\\2\" + fields))\n"
	"    leaves.append(sha256(b\"\\0\\3\" + struct.pack(\">Q\", len(records))))\n"
	"    while len(leaves) > 1:\n"
	"        pairs = [sha256(b\"\\1\" + leaves[i] + leaves[i + 1]) for i in range(0, len(leaves) - 1, 2)]\n"
	"        leaves = pairs + leaves[len(pairs) * 2:]\n"
	"    return leaves[0].hex()\n"
	"\n"
	"def proven_root(proof):\n"
	"    records, first, hashes = int(proof[\"records\"]), int(proof[\"first\"]), iter(proof[\"hashes\"])\n"
	"    leaves = {0: sha256(b\"\\0\\1\" + b64(proof[\"header\"])), records + 1: sha256(b\"\\0\\3\" + struct.pack(\">Q\", records))}\n"
	"    for i, record in enumerate(proof[\"proven\"]):\n"
	"        fields = [bytes.fromhex(field[\"leaf\"]) if \"leaf\" in field else\n"
	"                  sha256(b\"\\0\" + bytes.fromhex(field[\"salt\"]) + struct.pack(\">I\", k) + b64(field[\"cell\"]))\n"
	"                  for k, field in enumerate(record)]\n"
	"        leaves[first + 1 + i] = sha256(b\"\\0\\2\" + b\"\".join(fields))\n"
	"    known = sorted(leaves)\n"
	"    def node(begin, end):\n"
	"        if bisect.bisect_left(known, begin) == bisect.bisect_left(known, end):\n"
	"            return bytes.fromhex(next(hashes))\n"
	"        if end - begin == 1:\n"
	"            return leaves[begin]\n"
	"        middle = begin + (1 << (end - begin - 1).bit_length() - 1)\n"
	"        left = node(begin, middle)\n"
	"        return sha256(b\"\\1\" + left + node(middle, end))\n"
	"    root = node(0, records + 2).hex()\n"
	"    return root if next(hashes, None) is None else \"hashes left over\"\n"
	"\n"
	"def cell_of(text):\n"
	"    tag, data = 5, text.encode()\n"
	"    if len(data) > 1 << 20:\n"
	"        tag, data = 14, b\"\\5\" + struct.pack(\">Q\", len(data)) + sha256(data)\n"
	"    return bytes([tag]) + (bytes([len(data)]) if len(data) < 255 else b\"\\xff\" + struct.pack(\">I\", len(data))) + data\n"
	"\n"
	"def compare(about, fields, records):\n"
	"    text = read(about[\"path\"]).decode(\"gb18030\" if about[\"encoding\"] == \"GB18030-2005\" else \"utf-8\")\n"
	"    csv.field_size_limit(1 << 30)\n"
	"    quoting = {\"quotechar\": about[\"quote\"]} if about[\"quote\"] else {\"quoting\": csv.QUOTE_NONE}\n"
	"    rows = csv.reader(io.StringIO(text[about[\"bom\"]:], newline=\"\"), delimiter=about[\"delimiter\"], strict=True, **quoting)\n"
	"    if about[\"names\"] and next(rows) != [field[\"name\"] for field in fields]:\n"
	"        sys.exit(\"列名不同 / the names of the columns differ\")\n"
	"    number = -1\n"
	"    for number, row in enumerate(rows):\n"
	"        made = [cell_of(value) for value in row or [\"\"]]\n"
	"        # csv 不区分未加引号的空字段 (NULL) 与加引号的空字段 / csv does not tell an empty field without quotes, NULL, from one in quotes\n"
	"        found = [b\"\\5\\0\" if cell == b\"\\0\" else cell for cell in cells_of(records[number])] if number < len(records) else None\n"
	"        if made != found:\n"
	"            sys.exit(f\"第 {number} 行不同 / row {number} differs\")\n"
	"    if number + 1 != len(records):\n"
	"        sys.exit(\"行数不同 / the number of rows differs\")\n"
	"\n"
	"manifest = json.loads(read(\"data/evidence.json\"))\n"
	"for row in manifest.get(\"record_sets\", []):\n"
	"    header, records = read(row[\"header\"]), list(records_of(read(row[\"path\"])))\n"
	"    if root_of(header, read(row[\"index\"])[8:40], records) != row[\"root\"] or str(len(records)) != row[\"records\"]:\n"
	"        sys.exit(row[\"path\"] + \": 根或记录数不符 / another root or number of records\")\n"
	"    about = json.loads(header).get(\"about\", {})\n"
	"    is_csv = about.get(\"what\") == \"file\" and about.get(\"format\") == \"csv\"\n"
	"    if is_csv:\n"
	"        compare(about, json.loads(header)[\"fields\"], records)\n"
	"    print(row[\"path\"], row[\"records\"], \"root OK\" + (\", CSV OK\" if is_csv else \"\"))\n"
	"if manifest[\"kind\"] == \"disclosure\":\n"
	"    roots = {row[\"path\"]: row[\"root\"] for row in json.loads(read(\"data/original/evidence.json\"))[\"record_sets\"]}\n"
	"    proofs = [row[\"path\"] for row in manifest[\"objects\"] if row[\"role\"] == \"record-proof\"]\n"
	"    source = manifest[\"source\"]\n"
	"    for shown in source.get(\"record_sets\") or [{\"path\": source[\"record_set\"], \"proofs\": len(proofs)}]:\n"
	"        mine, proofs = proofs[:shown[\"proofs\"]], proofs[shown[\"proofs\"]:]\n"
	"        for path in mine:\n"
	"            if proven_root(json.loads(read(path))) != roots[shown[\"path\"]]:\n"
	"                sys.exit(path + \": 不能算出原证据包的根 / does not lead to the root of the original\")\n"
	"        print(shown[\"path\"], \"proofs OK\")\n"
	"```\n"
	"\n"
	"```sh\n"
	"sed -n '/^...python$/,/^...$/p' VERIFY.md | sed '1d;$d' > unpacked/records.py\n"
	"```\n"
	"\n";

/* %1$s package */
static const char records_recipe[] =
	"记录集: 根由全部记录重算; 所交 CSV 文件的各行与记录集比对, JSON 和工作簿由 `axev-verify` 比对 / record sets: roots made again out of all "
	"records, rows compared with a CSV file that was handed over; with JSON and workbooks `axev-verify` does it:\n"
	"\n"
	"```sh\n"
	"for p in unpacked/%1$s/data/parts/*.zip; do test ! -e $p || unzip -q -o $p -d unpacked/%1$s.parts; done\n"
	"python3 unpacked/records.py unpacked/%1$s unpacked/%1$s.parts\n"
	"```\n"
	"\n";

static const char proofs_recipe[] =
	"由所示单元格与叶摘要算出的根须等于原证据说明中该记录集的根 / the root computed from the cells shown and the digests must be that of the "
	"record set in the original's manifest:\n"
	"\n"
	"```sh\n"
	"python3 unpacked/records.py unpacked/%1$s\n"
	"```\n"
	"\n";

static int read_manifest(const struct axev__container *package, axev__json **ret_manifest, axev_error *err)
{
	const struct axev__entry *entry = axev__container_find(package, AXEV__NAME_MANIFEST);
	AXEV__BUF bytes = AXEV__BUF_INIT(AXEV__MAX_MANIFEST_BYTES);

	if (!entry)
		return axev__fail(err, AXEV_E_FORMAT, "expected entry %s, which is missing", AXEV__NAME_MANIFEST);
	TRY(axev__container_read(package, entry, &bytes, err));
	return axev__json_parse(axev__buf_view(&bytes), ret_manifest, err);
}

int axev__recipe_records(const struct axev__container *package, const char *number, bool *has_script,
			 struct axev__buf *out, axev_error *err)
{
	AXEV__JSON *manifest = NULL;
	struct axev__span kind;
	bool is_disclosure;

	TRY(read_manifest(package, &manifest, err));
	is_disclosure = axev__json_as_string(axev__json_get(manifest, "kind"), &kind) && axev__span_is(kind, "disclosure");
	if (!is_disclosure && axev__json_count(axev__json_get(manifest, "record_sets")) == 0)
		return AXEV_OK;
	if (!*has_script)
		TRY(axev__buf_str(out, script, err));
	*has_script = true;
	return axev__buf_printf(out, err, is_disclosure ? proofs_recipe : records_recipe, number);
}
