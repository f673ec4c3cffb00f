import { accessSync, constants } from "node:fs";
import * as path from "node:path";

import { Browser, chromium, Page } from "playwright-core";

const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];
const MAC_APPS = ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

/** The Chrome or Chromium that this machine has: CHROME_PATH, or one of the usual places. */
export function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const usual = [...NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...MAC_APPS];
  return (process.env.CHROME_PATH ? [process.env.CHROME_PATH] : usual).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A headless browser with one page, and all that it complained about. */
export class Visit {
  /** Errors on the console, which a policy's violations are, too; exceptions; requests that failed or were refused. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`exception: ${error.message}`));
    page.on("requestfailed", (request) => this.complaints.push(`failed: ${request.url()}`));
    page.on("response", (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()}: ${response.url()}`);
    });
  }

  static async begin(executablePath: string): Promise<Visit> {
    // Chromium's sandbox does not work for root.
    const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
    return new Visit(browser, await browser.newPage({ viewport: { width: 1280, height: 900 } }));
  }

  /** Photographs the whole page at a width. */
  async photograph(file: string, width: number): Promise<void> {
    await this.page.setViewportSize({ width, height: 900 });
    await this.page.screenshot({ path: file, fullPage: true });
  }

  /** Whether something stands beyond the page's right edge. */
  overflows(): Promise<boolean> {
    return this.page.evaluate("document.documentElement.scrollWidth > window.innerWidth");
  }

  end(): Promise<void> {
    return this.browser.close();
  }
}
