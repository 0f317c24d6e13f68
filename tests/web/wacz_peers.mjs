// SPDX-License-Identifier: Apache-2.0
// Our WARC and WACZ files against warcio.js, js-wacz and plain hashing. `node wacz_peers.mjs PROBE DIRECTORY`: makes
// exchanges, lets PROBE (tests/wacz_probe.c) write them, compares. Leaves DIRECTORY/site.wacz for the replay.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";

const [probe, directory] = process.argv.slice(2);
const npm = process.env.AXEV_NPM;
const require = createRequire(join(npm, "package.json"));
const { CDXIndexer, WARCParser } = require("warcio");
const { getSurt } = require("warcio/utils");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const hex = (bytes) => (bytes === null ? "-" : Buffer.from(bytes).toString("hex"));
const unzip = (file, entry) => execFileSync("unzip", ["-p", file, entry], { maxBuffer: 1 << 28 });

// ---- exchanges by chance, the same ones in every run ----

let seed = 1;
function below(count) {
	seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
	return (seed >>> 8) % count;
}
const pick = (list) => list[below(list.length)];
const some = (most, make) => Array.from({ length: below(most) }, make);

const numbers = ["1", "0", "-0", "1.0", "1e21", "123456789012345678901", "0.1", "1e-7", "-1.5e-9", "5e-324", "1e400",
	"100000000000000000000", "1.7976931348623157e308", "4.35", "0.000001", "12345.678", "1E5", "-2e+3"];
const strings = ["", "a", "x y", "é", "\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\\n\\\"\\/", "a&b=c", "你好", "\\u0000z",
	"%41", "%E4%BD%A0"];
const keys = ["a", "b", "2", "1", "10", "01", "q", "ä", "a.2_", "-1", "4294967295", "4294967294", ""];
function json(depth) {
	switch (below(depth > 3 ? 5 : 8)) {
	case 0: return pick(numbers);
	case 1: return `"${pick(strings)}"`;
	case 2: return pick(["true", "false", "null"]);
	case 3: return `"v${below(5)}"`;
	case 4: return `"${"long".repeat(below(40))}"`;
	case 5: return `[${some(4, () => json(depth + 1)).join(", ")}]`;
	default: return `{${some(5, () => `"${pick(keys)}": ${json(depth + 1)}`).join(" ,\n")}}`;
	}
}

const boundary = "----WebKitFormBoundaryAbC1";
const field = () => `--${boundary}\r\nContent-Disposition: form-data; name="${pick(["a", "b", "f x", "é"])}"` +
	pick(["", '; filename="x.txt"\r\nContent-Type: text/plain']) +
	`\r\n\r\n${pick(["v1", " v 2 ", "line1\r\nline2", "", "é&=", "--x--"])}\r\n`;
const bytes = (count) => Buffer.from(Array.from({ length: count }, () => below(256)));
const brokenText = [[0xff], [0xe4, 0xbd], [0xf0, 0x9f, 0x98], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe4, 0xbd, 0xa0, 0x80],
	[0xf4, 0x90, 0x80, 0x80], [0xe0, 0x9f, 0x41]];
const oddJson = ["{bad", "[1,2", "{}", "", "[]", " {\"a\":1} x", "\"\\x\"", "01", "1.", "-", "{\"a\":1,}", "nul",
	`{"k":"${"y".repeat(5000)}"}`, `[${Array(3000).fill("1").join(",")}]`];
const forms = ["a=1&b=2", "", "z=%E4%BD%A0&a=%20x+y", "bad=%E4%BD", "q=a#b", "x=%2F%3f%26", "é=ü", "a=b c<>\"'", "%zz",
	"a".repeat(5000), "é".repeat(4095) + "xy", "\ufeffa=1", "a=1\r\nb=2 "];
const bodies = [
	["application/x-www-form-urlencoded", () => pick(forms)],
	["application/json", () => json(0)],
	["application/json; charset=utf-8", () => json(0)],
	["application/json", () => pick(oddJson)],
	["application/json", () => Buffer.concat([Buffer.from('{"a":"'), Buffer.from(pick(brokenText)), Buffer.from('"}')])],
	["text/plain", () => pick(["hello world", json(0), '{"a":1}'])],
	["text/plain;charset=UTF-8", () => json(0)],
	[`multipart/form-data; boundary=${boundary}`, () => `${some(4, field).join("")}--${boundary}--\r\n`],
	["multipart/form-data", () => "x"],
	["application/octet-stream", () => bytes(pick([0, 1, 2, 3, 40, 4000]))],
	["", () => pick(["", "abc"])],
];
const urls = ["http://www.example.com/", "https://example.com/A/b?Z=1&a=2", "https://www2.example.com:8443/x?b=%E4%BD%A0",
	"http://example.com:80/?q", "http://[::1]:8080/a", "http://127.0.0.1:5000/?", "https://a.b.c.example.org/p;x=1?&&a",
	"http://example.com/%7Euser/a%2Fb"];
const responses = ["200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello",
	"301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
	"200 OK\r\ncontent-type:image/png\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	"204 No Content\r\nServer: x\r\n\r\n", "404 \r\nServer: x\r\n\r\nx",
	"200 OK\r\nContent-Type: \r\nContent-Length: 0\r\n\r\n", "200 OK\r\nContent-Type:  Text/HTML ;x\r\nContent-Length: 0\r\n\r\n"];

function exchange() {
	const url = pick(urls);
	const method = pick(["GET", "GET", "POST", "POST", "POST", "PUT", "HEAD", "OPTIONS", "post"]);
	const [type, make] = pick(bodies);
	const body = Buffer.from(method === "GET" || method === "HEAD" ? "" : make());
	const head = `${method} / HTTP/1.1\r\nHost: x\r\n${type && method !== "GET" ? `Content-Type: ${type}\r\n` : ""}` +
		`Content-Length: ${body.length}\r\n\r\n`;
	const request = Buffer.concat([Buffer.from(head), body]);
	const response = `HTTP/1.1 ${pick(responses)}`;
	switch (below(10)) {
	case 0: return [url, null, response, "response"];
	case 1: return [`urn:view:${url}`, null, `PNG${below(1e6)}`, pick(["image/png", "text/plain;charset=utf-8",
		"application/warc-fields"])];
	case 2: return [url, request, null, "response"];
	default: return [url, request, response, "response"];
	}
}

function write(name, exchanges) {
	const path = (kind) => join(directory, `${name}.${kind}`);
	writeFileSync(path("txt"), exchanges.map(([url, request, response, kind]) =>
		`${hex(url)} ${hex(request)} ${hex(response)} ${kind}\n`).join(""));
	execFileSync(probe, [path("txt"), path("warc"), path("wacz"), "Sample"], { stdio: "inherit" });
	return { warc: path("warc"), wacz: path("wacz") };
}

// ---- comparisons ----

// warcio.js writes numbers as texts, no algorithm before a digest, no recordDigest, and counts a record without the
// line breaks that close it.
function coerce(line) {
	const [key, time, ...rest] = line.split(" ");
	const members = JSON.parse(rest.join(" "));
	for (const name of ["offset", "status"])
		if (name in members)
			members[name] = Number(members[name]);
	if (members.digest)
		members.digest = members.digest.replace(/^sha256:/, "");
	members.filename = "data.warc";
	const { length } = members;
	delete members.recordDigest;
	delete members.length;
	return { text: JSON.stringify([key, time, Object.entries(members).sort()]), offset: members.offset, length: Number(length) };
}

function compareIndex(ours, theirs, whose) {
	const found = ours.map(coerce).sort((a, b) => a.offset - b.offset);
	const expected = theirs.map(coerce).sort((a, b) => a.offset - b.offset);
	assert.equal(found.length, expected.length, `${whose}: number of lines`);
	found.forEach((line, i) => {
		assert.equal(line.text, expected[i].text, whose);
		const more = line.length - expected[i].length;
		assert.ok(more === 4 || more === 2, `${whose}: length ${line.length}, theirs ${expected[i].length}`);
	});
}

async function warcioIndex(warc) {
	const indexer = new CDXIndexer({ format: "cdxj" });
	const lines = [];
	for await (const entry of indexer.iterIndex([{ filename: "data.warc", reader: createReadStream(warc) }]))
		lines.push(indexer.serializeCDXJ(entry).trimEnd());
	return lines;
}

// Every record read by warcio.js: what it calls the block has the digest that the record states.
async function checkBlocks(warc) {
	let count = 0;
	for await (const record of new WARCParser(createReadStream(warc), { parseHttp: false })) {
		const block = await record.readFully();
		assert.equal(record.warcHeader("WARC-Block-Digest"), `sha256:${sha256(block)}`);
		if (record.warcType === "resource")
			assert.equal(record.warcPayloadDigest, `sha256:${sha256(block)}`);
		count++;
	}
	return count;
}

// Every response read by warcio.js with its coding removed (none of these has a content coding): its payload.
async function checkPayloads(warc) {
	let count = 0;
	for await (const record of new WARCParser(createReadStream(warc))) {
		if (record.warcType !== "response")
			continue;
		const payload = await record.readFully(true);
		assert.equal(record.warcPayloadDigest, `sha256:${sha256(payload ?? "")}`);
		count++;
	}
	return count;
}

function checkRecordDigests(warc, lines) {
	const whole = readFileSync(warc);
	for (const line of lines) {
		const { offset, length, recordDigest } = JSON.parse(line.slice(line.indexOf("{")));
		const record = whole.subarray(offset, offset + length);
		assert.equal(recordDigest, `sha256:${sha256(record)}`);
		assert.ok(record.subarray(0, 10).equals(Buffer.from("WARC/1.1\r\n")) && record.subarray(-4).equals(Buffer.from("\r\n\r\n")));
	}
}

function checkPackage(wacz) {
	const names = execFileSync("unzip", ["-Z1", wacz]).toString().trim().split("\n");
	const digest = JSON.parse(unzip(wacz, "datapackage-digest.json"));
	const bytesOfPackage = unzip(wacz, "datapackage.json");
	assert.deepEqual(Object.keys(digest).sort(), ["hash", "path"]);
	assert.equal(digest.hash, `sha256:${sha256(bytesOfPackage)}`);
	const { resources, wacz_version: version, profile, created } = JSON.parse(bytesOfPackage);
	assert.deepEqual([version, profile], ["1.1.1", "data-package"]);
	assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	assert.deepEqual([...resources.map((one) => one.path), "datapackage.json", "datapackage-digest.json"], names);
	for (const { path, hash, bytes: size } of resources) {
		const content = unzip(wacz, path);
		assert.equal(hash, `sha256:${sha256(content)}`, path);
		assert.equal(size, content.length);
	}
}

async function jsWaczIndex(warc) {
	const out = join(directory, "theirs.wacz");
	execFileSync("node", [join(npm, "node_modules/@harvard-lil/js-wacz/bin/cli.js"), "create", "-f", warc, "-o", out],
		{ stdio: "pipe" });
	return unzip(out, "indexes/index.cdx").toString().trimEnd().split("\n");
}

async function compareAll({ warc, wacz }) {
	execFileSync("unzip", ["-tqq", wacz]);
	assert.ok(unzip(wacz, "archive/data.warc").equals(readFileSync(warc)));
	const text = unzip(wacz, "indexes/index.cdx");
	const ours = text.toString().trimEnd().split("\n");
	const sorted = execFileSync("sort", { input: text, maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: "C" } });
	assert.ok(text.equals(sorted), "the index is sorted by bytes");
	compareIndex(ours, await warcioIndex(warc), "warcio.js");
	compareIndex(ours, await jsWaczIndex(warc), "js-wacz");
	checkRecordDigests(warc, ours);
	checkPackage(wacz);
	const records = await checkBlocks(warc), payloads = await checkPayloads(warc);
	assert.ok(records > payloads && payloads > 0);
	console.log(`${ours.length} lines of the index, ${records} records, ${payloads} payloads agree`);
}

// ---- keys ----

function someUrl() {
	const letters = ["a", "B", "/", "/", "?", "&", "=", "%41", "%e4%BD", "é", " ", "'", "\"", "`", "{", "|", "~", ";", ".", "..",
		"/./", "/../", "%2e", "www.", "+", ",", "@", ":", "\\", "<", "[", "*", "!", "$"];
	return pick(["http://", "https://"]) + pick(["", "www.", "www12.", "wwwx.", "user:pw@"]) +
		pick(["example.com", "EXAMPLE.co.uk", "xn--e1afmkfd.xn--p1ai", "10.0.0.1", "[2001:db8::1]", "localhost", "a-b.c_d.e."]) +
		pick(["", "", ":80", ":443", ":8080"]) + pick(["", "/"]) + some(12, () => pick(letters)).join("");
}

// As a browser writes them: a URL that it has parsed.
function compareKeys() {
	const list = [];
	while (list.length < 3000) {
		const url = someUrl();
		if (URL.canParse(url))
			list.push(new URL(url).href.replace(/#.*/, ""));
	}
	const ours = execFileSync(probe, ["keys"], { input: list.join("\n") + "\n" }).toString().trimEnd().split("\n");
	list.forEach((url, i) => assert.equal(ours[i], getSurt(url), url));
	console.log(`${list.length} keys agree`);
}

// ---- a site to replay ----

function png() {
	const chunk = (type, data) => {
		const body = Buffer.concat([Buffer.from(type), data]), out = Buffer.alloc(body.length + 8);
		out.writeUInt32BE(data.length, 0);
		body.copy(out, 4);
		out.writeUInt32BE(crc(body), body.length + 4);
		return out;
	};
	return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", Buffer.from("00000003000000020802000000", "hex")),
		chunk("IDAT", deflateSync(Buffer.alloc(20, 120))), chunk("IEND", Buffer.alloc(0))]);
}

function crc(body) {
	let value = ~0;
	for (const byte of body) {
		value ^= byte;
		for (let i = 0; i < 8; i++)
			value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
	}
	return ~value >>> 0;
}

function site() {
	const root = "https://www.example.com";
	const answer = (type, body) => Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n` +
		`Content-Length: ${body.length}\r\n\r\n`), Buffer.from(body)]);
	const page = gzipSync('<!doctype html><meta charset=utf-8><title>Sample page</title><p>Recorded 你好<img src="/a.png">' +
		'<img src="https://cdn.example.com/b.png?x=1&amp;A=2"><p id=o>waiting<script src=app.js></script>');
	const script = 'fetch("/api",{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({q:"É",n:[1,2.5]})})' +
		'.then((r)=>r.text()).then((t)=>{document.getElementById("o").textContent=t})';
	const chunked = Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n" +
		`Transfer-Encoding: chunked\r\n\r\n${page.length.toString(16)}\r\n`), page, Buffer.from("\r\n0\r\n\r\n")]);
	const get = (path) => `GET ${path} HTTP/1.1\r\nHost: www.example.com\r\n\r\n`;
	const post = (body) => `POST /api HTTP/1.1\r\nHost: www.example.com\r\nContent-Type: application/json\r\n\r\n${body}`;
	return [
		[`${root}/page`, get("/page"), chunked, "response"],
		[`${root}/a.png`, get("/a.png"), answer("image/png", png()), "response"],
		["https://cdn.example.com/b.png?x=1&A=2", get("/b.png?x=1&A=2"), answer("image/png", png()), "response"],
		[`${root}/app.js`, get("/app.js"), answer("text/javascript", script), "response"],
		[`${root}/api`, post('{"q":"other"}'), answer("text/plain", "wrong answer"), "response"],
		[`${root}/api`, post('{"q":"É","n":[1,2.5]}'), answer("text/plain", "right answer"), "response"],
		[`urn:view:${root}/page`, null, png(), "image/png"],
	];
}

await compareAll(write("chance", Array.from({ length: 2000 }, exchange)));
compareKeys();
write("site", site());
