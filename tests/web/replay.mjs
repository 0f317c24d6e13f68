// SPDX-License-Identifier: Apache-2.0
// Does a WACZ file replay? Opens it in the engine of replayweb.page (wabac.js, as a service worker) in headless
// Chromium, loads one page from it, and looks at what is there. The browser reaches nothing but this script's server,
// so whatever is seen comes out of the file.
//
//   AXEV_NPM=DIR node replay.mjs FILE.wacz URL TEXT [--title TITLE] [--images COUNT] [--screenshot OUT.png]
//     [--picture OUT.png]
//
// URL is the page as recorded. TEXT must stand in the replayed page, TITLE must be its title; at least COUNT images
// (default 0), and every one that the page has, must have been decoded. --picture is of the whole replayed page alone, in
// a window as that of a capture. Prints one line of JSON; exit 0 when all of
// that is so, 1 with the reason when it is not.
import { spawn } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const npm = process.env.AXEV_NPM;
const browserPath = process.env.AXEV_CHROMIUM ?? "/usr/lib/chromium/chromium";
const { values: options, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		title: { type: "string" },
		images: { type: "string", default: "0" },
		screenshot: { type: "string" },
		picture: { type: "string" },
	},
});
if (!npm || positionals.length !== 3) {
	console.error("usage: AXEV_NPM=DIR node replay.mjs FILE.wacz URL TEXT [--title T] [--images N] [--screenshot F]");
	process.exit(2);
}
const [file, url, text] = positionals;
const engine = readFileSync(join(npm, "node_modules/@webrecorder/wabac/dist/sw.js"));

class Failed extends Error {}
function must(condition, message) {
	if (!condition)
		throw new Failed(message);
}

// ---- the server: a page, the engine, the file by ranges ----

function sendFile(request, response) {
	const size = statSync(file).size;
	const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
	let start = 0, end = size - 1;
	if (range && range[1] === "") {
		start = Math.max(0, size - Number(range[2]));
	} else if (range) {
		start = Number(range[1]);
		end = range[2] === "" ? end : Math.min(end, Number(range[2]));
	}
	const headers = { "Content-Type": "application/wacz", "Content-Length": end - start + 1, "Accept-Ranges": "bytes" };
	if (range)
		headers["Content-Range"] = `bytes ${start}-${end}/${size}`;
	response.writeHead(range ? 206 : 200, headers);
	if (request.method === "HEAD")
		response.end();
	else
		createReadStream(file, { start, end }).pipe(response);
}

const outside = []; // what the browser asked this server for and should not have
const server = createServer((request, response) => {
	const path = request.url.split("?")[0];
	if (path === "/") {
		response.writeHead(200, { "Content-Type": "text/html" });
		response.end("<!doctype html><title>replay</title>");
	} else if (path === "/sw.js") {
		response.writeHead(200, { "Content-Type": "text/javascript" });
		response.end(engine);
	} else if (path === "/capture.wacz") {
		sendFile(request, response);
	} else {
		if (path !== "/favicon.ico")
			outside.push(request.url);
		response.writeHead(404);
		response.end();
	}
});

// ---- the browser, over its debugging pipe ----

class Browser {
	constructor(profile) {
		this.process = spawn(browserPath, [
			"--headless", "--remote-debugging-pipe", `--user-data-dir=${profile}`, "--window-size=1280,1000",
			// As root it would not start with its sandbox.
			...(process.getuid() === 0 ? ["--no-sandbox"] : []),
			"--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
			"--disable-sync", "--hide-scrollbars", "--force-color-profile=srgb", "--force-device-scale-factor=1",
			"--lang=zh-CN",
			// Names resolve nowhere, so nothing comes from the network.
			"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], env: { ...process.env, HOME: profile } });
		this.pending = new Map();
		this.last = 0;
		this.ended = new Promise((done) => this.process.on("close", done));
		this.process.on("error", (error) => this.fail(error));
		this.process.on("close", () => this.fail(new Failed(`${browserPath} has ended`)));
		this.process.stdio[3].on("error", () => {});
		let rest = Buffer.alloc(0);
		this.process.stdio[4].on("data", (data) => {
			const parts = Buffer.concat([rest, data]).toString("latin1").split("\0");
			rest = Buffer.from(parts.pop(), "latin1");
			parts.forEach((part) => this.receive(JSON.parse(Buffer.from(part, "latin1"))));
		});
	}
	receive({ id, method, result, error }) {
		if (method === "Page.loadEventFired")
			this.onload?.();
		const call = this.pending.get(id);
		this.pending.delete(id);
		if (error)
			call?.reject(new Failed(error.message));
		else
			call?.resolve(result);
	}
	fail(error) {
		this.pending.forEach((call) => call.reject(error));
		this.pending.clear();
	}
	send(method, params = {}) {
		const id = ++this.last;
		return new Promise((resolve, reject) => {
			this.pending.set(id, { resolve, reject });
			this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId: this.session }) + "\0");
		});
	}
	async open(address) {
		const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
		this.session = (await this.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
		await this.send("Page.enable");
		const loaded = new Promise((done) => { this.onload = done; });
		await this.send("Page.navigate", { url: address });
		await loaded;
	}
	// Runs @code in the page, where it may wait, and returns what it returns.
	async run(code, ...values) {
		const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
			expression: `(${code})(...${JSON.stringify(values)})`, awaitPromise: true, returnByValue: true,
		});
		must(!exceptionDetails, `in the page: ${exceptionDetails?.exception?.description ?? exceptionDetails?.text}`);
		return result.value;
	}
	async close() {
		this.process.kill("SIGKILL");
		await this.ended;
	}
}

// ---- in the page ----

// Registers the engine, gives it the file, waits until it has taken it.
async function addCollection() {
	await navigator.serviceWorker.register("/sw.js?useHashCheck=1", { scope: "/" });
	await navigator.serviceWorker.ready;
	if (!navigator.serviceWorker.controller)
		await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
	return await new Promise((done) => {
		navigator.serviceWorker.addEventListener("message", ({ data }) => {
			if (data.msg_type === "collAdded")
				done(null);
			if (data.msg_type === "collProgress" && data.error)
				done(String(data.error));
		});
		navigator.serviceWorker.controller.postMessage({
			msg_type: "addColl", name: "capture",
			file: { sourceUrl: new URL("/capture.wacz", location.href).href },
		});
	});
}

// Did the engine find the hash of the list of pages right? Version 2.27.1 compares no other: it looks that of the index
// up under another name than it has entered it, and never ends the hashing of a record.
async function readHash() {
	const database = await new Promise((done) => {
		indexedDB.open("db:capture").onsuccess = (event) => done(event.target.result);
	});
	const rows = await new Promise((done) => {
		database.transaction("verification").objectStore("verification").getAll().onsuccess =
			(event) => done(event.target.result);
	});
	return rows.some((row) => row.id.endsWith("pages/pages.jsonl") && row.matched === true);
}

async function listPages() {
	return (await (await fetch("/w/api/c/capture?all=1")).json()).pages ?? [];
}

// In a frame: at the top the engine would ask for the viewer around it. Waits until @wanted is there, at most so long,
// and says what is there then.
async function showPage(address, wanted, wait) {
	const frame = document.createElement("iframe");
	frame.style = "position: absolute; left: 0; top: 0; width: 1280px; height: 800px; border: 0; background: white";
	frame.src = address;
	document.body.append(frame);
	const until = Date.now() + wait;
	const look = () => {
		const page = frame.contentDocument;
		return {
			title: page?.title ?? "",
			text: page?.body?.innerText ?? "",
			images: [...(page?.images ?? [])].map((image) => ({
				src: image.getAttribute("src"), width: image.complete ? image.naturalWidth : 0,
			})),
		};
	};
	const isDone = ({ text, images }) => frame.contentDocument?.readyState === "complete" && text.includes(wanted) &&
		images.every((image) => image.width > 0);
	while (!isDone(look()) && Date.now() < until) {
		// Images that are loaded lazily want to be looked at.
		[...(frame.contentDocument?.images ?? [])].find((image) => !image.complete || !image.naturalWidth)?.scrollIntoView();
		await new Promise((done) => setTimeout(done, 50));
	}
	return look();
}

// The frame as tall as its page, so that all of it is shown; then its own frames are waited for.
async function showAll() {
	const frame = document.querySelector("iframe");
	frame.contentWindow.scrollTo(0, 0);
	frame.style.height = `${Math.max(800, frame.contentDocument.documentElement.scrollHeight)}px`;
	await new Promise((done) => setTimeout(done, 1500));
	return frame.offsetHeight;
}

async function takePicture(browser) {
	const height = await browser.run(showAll);
	const { data } = await browser.send("Page.captureScreenshot", {
		captureBeyondViewport: true, clip: { x: 0, y: 0, width: 1280, height, scale: 1 },
	});
	writeFileSync(options.picture, Buffer.from(data, "base64"));
}

// ---- the run ----

async function replay(browser, root) {
	await browser.open(`${root}/`);
	const refused = await browser.run(addCollection);
	must(!refused, `the engine refuses the file: ${refused}`);
	const listed = (await browser.run(listPages)).find((one) => one.url === url);
	must(listed, `the file lists no page ${url}`);
	const time = new Date(listed.ts).toISOString().replace(/[-:T]|\..*/g, "");
	const found = await browser.run(showPage, `/w/capture/${time}mp_/${url}`, text, 15000);
	if (options.picture)
		await takePicture(browser);
	if (options.screenshot)
		writeFileSync(options.screenshot, Buffer.from((await browser.send("Page.captureScreenshot")).data, "base64"));
	return { found, isHashRight: await browser.run(readHash) };
}

function check({ found, isHashRight }) {
	const broken = found.images.filter((image) => image.width === 0);
	must(found.text.includes(text), `expected "${text}" in the page, found: ${JSON.stringify(found.text.slice(0, 500))}`);
	must(options.title === undefined || found.title === options.title,
		`expected the title "${options.title}", found "${found.title}"`);
	must(broken.length === 0, `images that were not loaded: ${JSON.stringify(broken.slice(0, 10))}`);
	must(found.images.length >= Number(options.images),
		`expected ${options.images} images, found ${found.images.length}`);
	must(outside.length === 0, `the page reached past the file: ${outside.slice(0, 5).join(" ")}`);
	must(isHashRight, "the engine does not find the hash of pages/pages.jsonl right");
}

await new Promise((done) => server.listen(0, "127.0.0.1", done));
const profile = mkdtempSync(join(tmpdir(), "replay-"));
const browser = new Browser(profile);
const watch = setTimeout(() => browser.fail(new Failed("nothing was heard for 60 seconds")), 60000);
let status = 0;
try {
	const result = await replay(browser, `http://127.0.0.1:${server.address().port}`);
	console.log(JSON.stringify({ title: result.found.title, images: result.found.images.length,
		text: result.found.text.slice(0, 200) }));
	check(result);
} catch (error) {
	console.error(error instanceof Failed ? `replay: ${error.message}` : error);
	status = 1;
} finally {
	clearTimeout(watch);
	await browser.close();
	server.close();
	// Helpers of the browser outlive it by a moment, and still write into its profile.
	for (let tries = 0; tries < 50; tries++) {
		try {
			rmSync(profile, { recursive: true, force: true });
			break;
		} catch {
			await new Promise((done) => setTimeout(done, 100));
		}
	}
}
process.exit(status);
