import * as fs from "node:fs";
import * as path from "node:path";

import { PAGE_WITH_PROJECT_OF_ITS_OWN, PAGES_THAT_CHANGE } from "../../support/docs";
import { findBrowser, Visit } from "../support/browser";
import { follow, FOLLOWED_PAGES } from "../support/reader";
import { Running } from "./running";

const LOOKING_PAGES = FOLLOWED_PAGES.filter(
  (page) => page !== PAGE_WITH_PROJECT_OF_ITS_OWN && !PAGES_THAT_CHANGE.includes(page),
);

/** The pages that leave Lunch Bot as it is: what they set is taken back unapplied. */
export function lookAtGuides(running: Running): void {
  if (!running.hasShop) return;
  describe("the guides", () => {
    it.each(LOOKING_PAGES)("are as they say: %s", async (page) => {
      // What is set in dev is set in a copy of the stack file.
      const file = path.join(running.dev.deployment.folder, ".dockwright/Pulumi.dev.yaml");
      const settings = fs.readFileSync(file);
      try {
        expect(await follow(page, readerOf(running))).toBe("");
      } finally {
        fs.writeFileSync(file, settings);
      }
    });
  });
}

/** The pages that apply what they set. */
export function followGuidesThatChange(running: Running): void {
  if (!running.hasShop) return;
  it.each(PAGES_THAT_CHANGE)("are as the guide says: %s", async (page) => {
    expect(await follow(page, readerOf(running))).toBe("");
  });
}

function readerOf(running: Running) {
  const { deployment } = running.dev;
  const port = new URL(deployment.origin).port;
  const adapt = (text: string) =>
    text.replaceAll("8080", port).replaceAll("project=lunch-bot", `project=${deployment.project}`);
  return { folder: deployment.folder, env: running.all.copy.env, adapt };
}

/** Lunch Bot's page, as a person uses it. */
export function lookInBrowser(running: Running): void {
  if (!running.hasShop) return;
  const browser = findBrowser();
  const inBrowser = browser ? it : it.skip;
  inBrowser(
    "show in a browser how an order becomes a notification (needs Chrome or Chromium: CHROME_PATH)",
    async () => {
      const visit = await Visit.begin(browser ?? "");
      try {
        const { page } = visit;
        await page.goto(running.dev.deployment.origin);
        await page.getByRole("radio").nth(1).check();
        await page.getByLabel("Portions").fill("2");
        await page.getByLabel("Your name").fill("Ada");
        await page.getByRole("button", { name: "Order" }).click();
        await page.getByRole("status").getByText("Ada, your order is in the kitchen: 2 ×").waitFor({ timeout: 10_000 });
        await page.getByRole("listitem").filter({ hasText: "Ada, your order is in the kitchen" }).waitFor();
        const pictures = path.join(__dirname, "../../../.dockwright/test-results");
        fs.mkdirSync(pictures, { recursive: true });
        await visit.photograph(path.join(pictures, "page-desktop.png"), 1280);
        await visit.photograph(path.join(pictures, "page-phone.png"), 390);
        expect(await visit.overflows()).toBe(false);
        expect(visit.complaints).toEqual([]);
      } finally {
        await visit.end();
      }
    },
  );
}
