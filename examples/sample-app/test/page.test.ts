import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Assets, publicFolder } from "../src/assets.ts";
import { renderPage } from "../src/frontend/page.ts";
import { escapeHtml } from "../src/html.ts";

const assets = await new Assets(publicFolder("lunch-bot")).paths();
const evil = `"><script>alert('x')</script>&`;

describe("the page", () => {
  it("escapes every text", () => {
    assert.equal(escapeHtml(evil), "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;");
    const html = renderPage({
      items: [{ slug: evil, name: evil, description: evil, priceCents: 990 }],
      apiUrl: evil,
      version: evil,
      assets,
    });
    assert.doesNotMatch(html, /alert\('x'\)/);
    assert.match(html, /9\.90 €/);
  });

  it("has nothing inline, so that a strict policy allows it", () => {
    const html = renderPage({ items: [], apiUrl: "/api/v1", version: "1", assets });
    assert.doesNotMatch(html, /<style|style=|<script>| on\w+=/);
  });

  it("says so when the menu is missing", () => {
    assert.match(renderPage({ items: [], apiUrl: "/api/v1", version: "1", assets }), /<p id="empty" class="quiet">/);
  });
});
