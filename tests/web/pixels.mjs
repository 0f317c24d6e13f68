// SPDX-License-Identifier: Apache-2.0
// Pixels of PNG files (8 bits a channel, RGB or RGBA, not interlaced: as Chromium writes them).
//
//   node pixels.mjs compare A.png B.png LIMIT      prints the per cent of pixels that differ; exit 1 at LIMIT or more
//   node pixels.mjs bands FILE.png COUNT ROWS HEAD  bands of known colours below a header of HEAD rows (render_site.py)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";

function unfilter(raw, width, height, channels) {
	const row = width * channels, out = Buffer.alloc(row * height);
	for (let y = 0; y < height; y++) {
		const filter = raw[y * (row + 1)], from = y * (row + 1) + 1, to = y * row;
		for (let x = 0; x < row; x++) {
			const left = x >= channels ? out[to + x - channels] : 0, up = y ? out[to + x - row] : 0;
			const corner = y && x >= channels ? out[to + x - row - channels] : 0;
			const guess = left + up - corner;
			const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
			const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
			out[to + x] = raw[from + x] + [0, left, up, (left + up) >> 1, paeth][filter];
		}
	}
	return out;
}

function decode(file) {
	const png = readFileSync(file), parts = [];
	assert.equal(png.readUInt32BE(0), 0x89504e47, file);
	const width = png.readUInt32BE(16), height = png.readUInt32BE(20);
	assert.ok(png[24] === 8 && (png[25] === 2 || png[25] === 6) && png[28] === 0, `${file}: another kind of PNG`);
	for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
		if (png.toString("latin1", at + 4, at + 8) === "IDAT")
			parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
	const channels = png[25] === 2 ? 3 : 4;
	const data = unfilter(inflateSync(Buffer.concat(parts)), width, height, channels);
	return { width, height, at: (x, y) => [...data.subarray((y * width + x) * channels, (y * width + x) * channels + 3)] };
}

function compare(a, b, limit) {
	const one = decode(a), other = decode(b);
	let different = 0;
	assert.deepEqual([one.width, one.height], [other.width, other.height], "the pictures are not of one size");
	for (let y = 0; y < one.height; y++)
		for (let x = 0; x < one.width; x++) {
			const p = one.at(x, y), q = other.at(x, y);
			different += p[0] !== q[0] || p[1] !== q[1] || p[2] !== q[2];
		}
	const percent = different * 100 / (one.width * one.height);
	console.log(`${percent.toFixed(4)} % of ${one.width} x ${one.height} pixels differ`);
	return percent < limit;
}

function bands(file, count, rows, head) {
	const picture = decode(file);
	assert.equal(picture.height, count * rows);
	for (let y = 0; y < picture.height; y++) {
		const n = Math.floor(y / rows);
		const wanted = y < head ? [1, 2, 3] : [n * 37 % 256, n * 91 % 256, n * 151 % 256];
		for (const x of [0, Math.floor(picture.width / 2), picture.width - 1])
			assert.deepEqual(picture.at(x, y), wanted, `row ${y}, column ${x}`);
	}
	console.log(`${picture.height} rows are right`);
	return true;
}

const [mode, ...rest] = process.argv.slice(2);
const ok = mode === "compare" ? compare(rest[0], rest[1], Number(rest[2])) :
	bands(rest[0], Number(rest[1]), Number(rest[2]), Number(rest[3]));
process.exit(ok ? 0 : 1);
