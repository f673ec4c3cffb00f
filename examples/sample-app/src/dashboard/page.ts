import type { AssetPaths } from "../assets.ts";
import { escapeHtml } from "../html.ts";

export interface DashboardOptions {
  readonly name: string;
  readonly version: string;
  readonly apiUrl: string;
  readonly socketUrl: string;
  readonly assets: AssetPaths;
}

/** The whole page. The script finds its settings in data attributes: nothing is inline. */
export function renderDashboard({ name, version, apiUrl, socketUrl, assets }: DashboardOptions): string {
  const title = escapeHtml(name);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${assets["icon.svg"]}">
<link rel="stylesheet" href="${assets["style.css"]}">
<script src="${assets["app.js"]}" type="module"></script>
</head>
<body data-api-url="${escapeHtml(apiUrl)}" data-socket-url="${escapeHtml(socketUrl)}">
<header>
<h1>${title}</h1>
<p id="connection" class="connection" role="status">Connecting …</p>
</header>
<main>
<form id="new-job" class="new-job">
<label class="wide">Kind of job<input name="kind" maxlength="40" value="classify" required></label>
<label>Seconds<input name="seconds" type="number" inputmode="decimal" min="0.1" max="60" step="0.1" value="3" required></label>
<button type="submit">Queue</button>
<p id="status" class="status" role="status"></p>
</form>
<section aria-labelledby="jobs-title">
<h2 id="jobs-title">Jobs</h2>
<ol id="jobs" class="jobs"></ol>
<p id="no-jobs" class="quiet" hidden>No job was queued yet.</p>
</section>
</main>
<footer>Version ${escapeHtml(version)}</footer>
</body>
</html>
`;
}
