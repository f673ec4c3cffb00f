import type { MenuItem } from "./menu.ts";

export interface PageOptions {
  readonly items: readonly MenuItem[];
  readonly apiUrl: string;
  readonly version: string;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes a text safe in HTML, as content and inside quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]!);

/** The whole page. The script finds its settings in data attributes: nothing is inline. */
export function renderPage({ items, apiUrl, version }: PageOptions): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lunch Bot</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/app.js" type="module"></script>
</head>
<body data-api-url="${escapeHtml(apiUrl)}">
<header>
<h1>Lunch Bot</h1>
<p>Order now, we tell you when the kitchen has it.</p>
</header>
<main>
<ul id="menu" class="menu">${items.map(renderItem).join("")}</ul>
<p id="empty" class="empty"${items.length > 0 ? " hidden" : ""}>The menu is on its way …</p>
<section aria-label="Notifications"><ul id="notifications" class="notifications" aria-live="polite"></ul></section>
</main>
<footer>Version ${escapeHtml(version)}</footer>
</body>
</html>
`;
}

const renderItem = (item: MenuItem): string => `
<li class="dish">
<h2>${escapeHtml(item.name)}</h2>
<p>${escapeHtml(item.description)}</p>
<span class="price">${(item.priceCents / 100).toFixed(2)} €</span>
<button type="button" data-item="${escapeHtml(item.slug)}">Order</button>
</li>`;
