/**
 * @runs beside others
 * @covers product docs/ README.md
 */
import * as fs from "node:fs";
import * as path from "node:path";

import { PAGE_WITH_PROJECT_OF_ITS_OWN } from "../support/docs";
import { ProjectCopy } from "./support/project";
import { follow } from "./support/reader";

/** The other pages are about a running Lunch Bot: systems.test.ts follows them. */
describe("the guide to a project of one's own", () => {
  let project: ProjectCopy;

  beforeAll(async () => {
    project = await ProjectCopy.create("docs");
    // The page calls the clone `dockwright`.
    fs.symlinkSync(project.folder, path.join(path.dirname(project.folder), "dockwright"));
  });
  afterAll(() => project.remove());

  it(`is as it says: ${PAGE_WITH_PROJECT_OF_ITS_OWN}`, async () => {
    const { folder, env, port } = project;
    const adapt = (text: string) => text.replaceAll("8080", String(port));
    expect(await follow(PAGE_WITH_PROJECT_OF_ITS_OWN, { folder, env, adapt })).toBe("");
  });
});
