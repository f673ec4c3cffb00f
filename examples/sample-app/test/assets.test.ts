import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import Fastify from "fastify";
import { addAssets, Assets, hashedPath } from "../src/assets.ts";
import { renderDashboard } from "../src/dashboard/page.ts";

const folder = mkdtempSync(join(tmpdir(), "sample-app-"));
after(() => rmSync(folder, { recursive: true }));
cpSync(new URL("../public/task-tracker", import.meta.url), folder, { recursive: true });
const assets = new Assets(pathToFileURL(`${folder}/`));

describe("assets", () => {
  it("have the hash of their content in their names", async () => {
    assert.equal(hashedPath("app.js", Buffer.from("x")), "/assets/app.2d711642b726.js");
    const paths = await assets.paths();
    assert.deepEqual(Object.keys(paths), ["app.js", "style.css", "icon.svg"]);
    assert.match(paths["style.css"], /^\/assets\/style\.[0-9a-f]{12}\.css$/);
  });

  it("are read again when they were saved; the old name is gone then", async () => {
    const app = Fastify();
    addAssets(app, assets);
    const old = (await assets.paths())["style.css"];
    assert.equal((await app.inject(old)).statusCode, 200);
    appendFileSync(join(folder, "style.css"), "/* new */");
    utimesSync(join(folder, "style.css"), new Date(0), new Date(0));
    const { statusCode, headers } = await app.inject(old);
    assert.deepEqual([statusCode, headers["cache-control"]], [404, "no-store"]);
    const answer = await app.inject((await assets.paths())["style.css"]);
    assert.match(answer.body, /new \*\/$/);
    assert.equal(answer.headers["content-type"], "text/css; charset=utf-8");
    for (const other of ["/assets/style.css", "/assets/..%2fstyle.css"])
      assert.equal((await app.inject(other)).statusCode, 404);
  });
});

describe("the dashboard", () => {
  it("escapes what it is told, and has nothing inline", async () => {
    const evil = `"><script>alert('x')</script>`;
    const html = renderDashboard({
      name: evil,
      version: evil,
      apiUrl: evil,
      socketUrl: evil,
      assets: await assets.paths(),
    });
    assert.doesNotMatch(html, /alert\('x'\)|<style|style=|<script>| on\w+=/);
    assert.match(html, /data-socket-url="&quot;&gt;/);
  });
});
