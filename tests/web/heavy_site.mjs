// SPDX-License-Identifier: Apache-2.0
// Pages that are heavy for whoever captures them. With key and certificate also over HTTP/2. One line of JSON: the addresses.
//   /inline?BYTES a page with one inline image of so many bytes; /table?ROWS or ROWS,BYTES, with so much beside what each row
//   shows; /file?BYTES a download.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { deflateSync, crc32 as nodeCrc } from "node:zlib";

const crc32 = nodeCrc ?? ((data) => {
	let crc = ~0;
	for (const byte of data) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
	}
	return ~crc >>> 0;
});

function chunk(type, data) {
	const body = Buffer.concat([Buffer.from(type, "latin1"), data]), out = Buffer.alloc(body.length + 8);
	out.writeUInt32BE(data.length, 0);
	body.copy(out, 4);
	out.writeUInt32BE(crc32(body), body.length + 4);
	return out;
}

// A picture of one pixel, as long as asked for by a chunk that pictures may have and nobody shows.
function png(bytes) {
	const size = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
	return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", size), chunk("prVt", Buffer.alloc(bytes, "evidence")),
		chunk("IDAT", deflateSync(Buffer.from([0, 0]))), chunk("IEND", Buffer.alloc(0))]);
}

function* table(rows, beside) {
	yield "<!doctype html><meta charset=utf-8><title>Table</title><table>";
	for (let row = 0; row < rows; row++)
		yield `<tr${beside ? ` title="${String(row).padStart(beside, ".")}"` : ""}><td>${row}</td><td>goods of number ${row}</td><td>${(row * 7) % 1000}.00</td></tr>`;
	yield "</table>";
}

function* file(bytes) {
	for (let at = 0; at < bytes; at += 65536) yield Buffer.alloc(Math.min(65536, bytes - at), String(at));
}

function* body(path, number, beside) {
	if (path === "/table") yield* table(number, beside);
	else if (path === "/file") yield* file(number);
	else if (path === "/inline")
		yield `<!doctype html><title>Inline</title><p>before</p><img src="data:image/png;base64,${png(number).toString("base64")}">`;
	else yield "<!doctype html><title>Small</title><p>a small page</p>";
}

async function answer(request, response) {
	const [path, query] = request.url.split("?"), numbers = (query ?? "").split(",").map(Number);
	const is_file = path === "/file";
	response.writeHead(path === "/favicon.ico" ? 404 : 200, {
		"content-type": is_file ? "application/octet-stream" : "text/html; charset=utf-8",
		...(is_file ? { "content-disposition": "attachment; filename=evidence.bin" } : {}),
	});
	for (const piece of path === "/favicon.ico" ? [] : body(path, ...numbers))
		if (!response.write(piece)) await new Promise((go) => response.once("drain", go).once("close", go));
	response.end();
}

const servers = { http: createServer(answer) };
if (process.argv.length > 3)
	servers.h2 = createSecureServer({ key: readFileSync(process.argv[2]), cert: readFileSync(process.argv[3]) }, answer);
const urls = {};
for (const [name, server] of Object.entries(servers)) {
	await new Promise((go) => server.listen(0, "127.0.0.1", go));
	urls[name] = `${name === "http" ? "http" : "https"}://localhost:${server.address().port}`;
}
console.log(JSON.stringify(urls));
