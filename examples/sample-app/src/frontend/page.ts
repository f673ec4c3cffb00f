import type { AssetPaths } from "../assets.ts";
import { escapeHtml } from "../html.ts";
import type { MenuItem } from "./menu.ts";

export interface PageOptions {
  readonly items: readonly MenuItem[];
  readonly apiUrl: string;
  readonly version: string;
  readonly assets: AssetPaths;
}

/** The whole page. The script finds its settings in data attributes: nothing is inline. */
export function renderPage({ items, apiUrl, version, assets }: PageOptions): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lunch Bot</title>
<link rel="icon" href="${assets["icon.svg"]}">
<link rel="stylesheet" href="${assets["style.css"]}">
<script src="${assets["app.js"]}" type="module"></script>
</head>
<body data-api-url="${escapeHtml(apiUrl)}">
<header>
<h1>Lunch Bot</h1>
<p>Order now, we tell you when the kitchen has it.</p>
</header>
<main>
<form id="order" class="order">
<fieldset>
<legend>What would you like?</legend>
<ul id="menu" class="menu">${items.map(renderItem).join("")}</ul>
<p id="empty" class="quiet"${items.length > 0 ? " hidden" : ""}>The menu is on its way …</p>
</fieldset>
<div class="details">
<label>Portions<input name="quantity" type="number" inputmode="numeric" min="1" max="20" value="1" required></label>
<label class="wide">Your name<input name="customer" maxlength="100" autocomplete="given-name"></label>
<button type="submit">Order</button>
</div>
<p id="status" class="status" role="status"></p>
</form>
<section aria-labelledby="orders-title">
<h2 id="orders-title">Latest orders</h2>
<ol id="orders" class="orders"></ol>
<p id="no-orders" class="quiet">Nobody has ordered yet.</p>
</section>
</main>
<footer>Version ${escapeHtml(version)}</footer>
</body>
</html>
`;
}

const renderItem = (item: MenuItem, index: number): string => `
<li><label class="dish">
<input type="radio" name="item" value="${escapeHtml(item.slug)}" required${index === 0 ? " checked" : ""}>
<span class="name">${escapeHtml(item.name)}</span>
<span class="price">${(item.priceCents / 100).toFixed(2)} €</span>
<span class="about">${escapeHtml(item.description)}</span>
</label></li>`;
