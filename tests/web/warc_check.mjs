// SPDX-License-Identifier: Apache-2.0
// What `warcio check` does in Python: every record of WARC files is read and has the digests that it states. The npm package
// has no such command (only index and cdx-index), but the reader for it: node warc_check.mjs FILE...
// Prints what does not fit and a summary for each file; exits 1 when anything does not fit.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";

const { AsyncIterReader, WARCParser } = createRequire(`${process.env.AXEV_NPM}/x.js`)("warcio");
const sha256 = (data) => "sha256:" + createHash("sha256").update(data ?? "").digest("hex");

// The payload keeps its content coding (WARC/1.1, 6.3.2), and what is no longer there is no transfer coding: HTTP/2 has none.
async function payloadOf(record, body) {
	const is_http2 = /^WARC-Protocol: h[23]\r?$/im.test(record.warcHeaders.toString());
	const coding = record.httpHeaders?.headers.get("transfer-encoding");
	if (!body?.length || is_http2 || coding?.toLowerCase() !== "chunked")
		return body;
	return await new AsyncIterReader([body], null, true).readFully();
}

async function checkFile(file) {
	const found = [];
	let blocks = 0, payloads = 0;
	const fits = (record, name, stated, data) => {
		if (stated !== sha256(data))
			found.push(`${record.warcType} ${record.warcTargetURI}: ${name} digest: stated ${stated}, found ${sha256(data)}`);
	};
	for await (const record of new WARCParser(createReadStream(file), { parseHttp: false })) {
		fits(record, "block", record.warcBlockDigest, await record.readFully());
		blocks++;
	}
	for await (const record of new WARCParser(createReadStream(file))) {
		const body = await record.readFully(false);
		if (!record.warcPayloadDigest)
			continue;
		fits(record, "payload", record.warcPayloadDigest, await payloadOf(record, body));
		payloads++;
	}
	for (const line of found)
		console.log(line);
	console.log(`${file}: ${blocks} blocks, ${payloads} payloads read by warcio.js, ${found.length} without their digest`);
	return found.length === 0 && blocks > 0 && payloads > 0;
}

let is_right = true;
for (const file of process.argv.slice(2))
	is_right = (await checkFile(file)) && is_right;
process.exit(is_right ? 0 : 1);
