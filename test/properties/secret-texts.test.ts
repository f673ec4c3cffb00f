import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import * as fc from "fast-check";

import { GivenSecret } from "../../components";
import { secretFiles } from "../../components/secrets/secret-files";
import { exportingEntrypoint, templateProblems } from "../../components/services/secret-environment";
import { engine, IMAGE } from "../support/fixtures";
import { graph } from "../support/harness";
import { anyText, drawing, refuses } from "../support/property";

/** Any secret either is refused before anything is made, or its consumer gets it byte for byte. */
test("a file has every byte of a given secret", async () => {
  const values = fc.sample(anyText, drawing(100));
  const refused: number[] = [];
  const result = await graph({}, () => {
    const platform = engine();
    values.forEach((value, index) => {
      const give = () => {
        const secret = new GivenSecret(`s${index}`, { variable: "KEY", value });
        secretFiles(platform, { service: `c${index}`, user: "1:1", parent: platform }, [secret.bind()]);
      };
      if (refuses(give, /value: want a text/)) refused.push(index);
    });
  });
  expect(refused.length).toBeLessThan(values.length / 2);
  for (const [index, value] of values.entries()) {
    if (refused.includes(index)) continue;
    const [upload] = result.get(":Container", `c${index}-secrets-files`).revealed.uploads as { content: string }[];
    expect(upload?.content).toBe(value);
    // As it travels to the daemon.
    expect(Buffer.from(upload?.content ?? "").toString()).toBe(value);
  }
});

test("two different contents never share a volume", async () => {
  const values = [...new Set(fc.sample(anyText, drawing(200)))];
  const names: string[] = [];
  await graph({}, () => {
    const platform = engine();
    for (const value of values) platform.revisionOf(JSON.stringify(value)).apply((name) => names.push(name));
  });
  expect(new Set(names).size).toBe(values.length);
});

/** Text that a file can hold and an environment, too. */
const secret = anyText.filter((text) => !text.includes("\0") && Buffer.from(text).toString() === text);

test("a variable that is made of secrets has every byte of them, and of the text around them", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "secret-texts-"));
  const file = path.join(folder, "a 'file'");
  const print = ["sh", "-c", 'printf %s "$OUT"'];
  fc.assert(
    fc.property(secret, secret, secret, (value, before, after) => {
      const escaped = (text: string) => text.replaceAll("$", "$$$$");
      const templates = { OUT: `${escaped(before)}\${KEY}${escaped(after)}` };
      expect(templateProblems({ secretsAsEnvironment: templates, entrypoint: ["x"], image: IMAGE } as never)).toEqual(
        [],
      );
      fs.writeFileSync(file, value);
      const [shell = "", ...args] = exportingEntrypoint(templates, { KEY: file }, print);
      const out = execFileSync(shell, args, { encoding: "utf8" });
      expect(out).toBe(before + value + after);
    }),
    drawing(25),
  );
  fs.rmSync(folder, { recursive: true });
});
