/**
 * @runs beside others
 * @covers engine/ package.json package-lock.json
 */
import * as fs from "node:fs";
import * as path from "node:path";

import { isAlive, Programs } from "./support/programs";
import { eventually, Outcome } from "./support/run";

/** The same of the released language host and of our own: real CLI, real Node, real providers. */
describe("language host", () => {
  let programs: Programs;

  beforeAll(async () => {
    programs = await Programs.create();
  });
  afterAll(() => {
    programs.remove();
  });

  const text = ({ code, output }: Outcome) => `exit code ${code}\n${output}`;
  const expectSuccess = (outcome: Outcome) => {
    expect(text(outcome)).toMatch(/^exit code 0\n/);
  };
  const expectFailure = (outcome: Outcome) => {
    expect(text(outcome)).not.toMatch(/^exit code 0\n/);
  };

  it("hands over names, options, configuration and its secret keys", async () => {
    const program = await programs.program("settings");
    await program.ok("config", "set", "--path", "structured.list[0]", "one");
    await program.ok("config", "set", "--secret", "secret", "s3cret-value");
    const outcome = await program.up({ plain: "yes" });
    expectSuccess(outcome);
    expect(outcome.output).not.toContain("s3cret-value");
    expect(await program.outputs()).toEqual({
      names: "organization/settings/test",
      rootIsHere: true,
      dryRun: false,
      title: "some-title",
      tsNode: false,
      plain: "yes",
      structured: ["one"],
      secret: "s3cret-value",
      secretKeys: ["settings:secret"],
    });
    expect(await program.ok("stack", "output", "--json")).toMatch(/"secret": "\[secret\]"/);
  });

  it("applies transforms of the stack, of a component and of a resource", async () => {
    const program = await programs.program("transforms");
    expectSuccess(await program.up());
    expect(await program.outputs()).toEqual({ plain: 121, own: 124, child: 126 });
  });

  it("runs the hooks of creating, updating and deleting, and lets one refuse", async () => {
    const log = path.join(programs.folder, "hooks.log");
    const program = await programs.program("hooks");
    expectSuccess(await program.up({ log, version: "1" }));
    expectSuccess(await program.up({ version: "2" }));
    await program.ok("config", "rm", "version");
    expectSuccess(await program.up());
    expect(fs.readFileSync(log, "utf8").trim().split("\n")).toEqual([
      'beforeCreate watched [null,"echo 1"]',
      'afterCreate watched [null,"echo 1"]',
      'beforeUpdate watched ["echo 1","echo 2"]',
      'afterUpdate watched ["echo 1","echo 2"]',
      'beforeDelete watched ["echo 2",null]',
      'afterDelete watched ["echo 2",null]',
    ]);

    const refused = await program.up({ refused: "true" });
    expectFailure(refused);
    expect(refused.output).toContain("no creation today");
    expect(await program.ok("stack", "export")).not.toContain("random:index/randomId:RandomId");
  });

  it("checks policies: a mandatory one stops a preview, an advisory one warns", async () => {
    const program = await programs.program("policy");
    const pack = ["--policy-pack", path.join(programs.folder, "policy-pack")];
    const stopped = await program.preview({ length: "3" }, ...pack);
    expectFailure(stopped);
    expect(stopped.output).toMatch(/\[mandatory\]\s+not-too-short/);
    expect(stopped.output).toContain("want 4 or more, got 3");
    const warned = await program.preview({ length: "5" }, ...pack);
    expectSuccess(warned);
    expect(warned.output).toMatch(/\[advisory\]\s+rather-long/);
    expect(warned.output).not.toContain("not-too-short");
  });

  it("serves dynamic providers", async () => {
    const program = await programs.program("dynamic");
    expectSuccess(await program.up({ text: "hey" }));
    expect(await program.outputs()).toEqual({ id: "id-hey", loud: "hey!" });
    expectSuccess(await program.up({ text: "you" }));
    expect(await program.outputs()).toEqual({ id: "id-hey", loud: "you!!" });
    expectSuccess(await program.pulumi("destroy", "--yes", "--skip-preview"));
  });

  it("runs a component of another folder as a plugin", async () => {
    const program = await programs.program("remote");
    expectSuccess(await program.up());
    expect((await program.outputs()).text).toMatch(/^hello .{5}$/);
  });

  it("shows what a program throws once, with its place", async () => {
    const program = await programs.program("failing");
    const thrown = await program.up({ way: "throw" });
    expectFailure(thrown);
    expect(thrown.output.match(/Error: thrown on purpose/g)).toHaveLength(1);
    expect(thrown.output).toMatch(/at .*inSomeFunction.*index\.ts:6:/);
    expect(thrown.output).not.toMatch(/unhandled error|exit code/);
    const rejected = await program.up({ way: "reject" });
    expectFailure(rejected);
    expect(rejected.output.match(/Error: rejected on purpose/g)).toHaveLength(1);
    const said = await program.up({ way: "runError" });
    expectFailure(said);
    expect(said.output).toMatch(/error: said on purpose/);
    expect(said.output).not.toMatch(/^\s+at |unhandled error|exit code/m);
    const ended = await program.up({ way: "exit" });
    expectFailure(ended);
    expect(ended.output).toMatch(/exit code:? 3/);
  });

  it("says how to install packages that are not there", async () => {
    const program = await programs.withoutPackages("failing");
    const outcome = await program.preview();
    fs.rmSync(program.folder, { recursive: true });
    expectFailure(outcome);
    expect(outcome.output).toMatch(/npm (ci|install)/);
    expect(outcome.output).not.toMatch(/^\s+at /m);
  });

  it("ends on Ctrl-C, with a state to go on from", async () => {
    const started = path.join(programs.folder, "slow.started");
    const program = await programs.program("slow");
    const up = program.startUp({ started });
    await eventually("the slow resource to begin", 100, () => Promise.resolve(fs.existsSync(started) || undefined));
    const began = Date.now();
    up.signal("SIGINT");
    const outcome = await up.finished;
    expectFailure(outcome);
    expect(outcome.output).toMatch(/cancell?ed/);
    expect(outcome.output).not.toMatch(/unhandled error|exit code/);
    expect(Date.now() - began).toBeLessThan(20_000);
    await eventually("the program to be gone", 10, () =>
      Promise.resolve(isAlive(fs.readFileSync(`${started}.pid`, "utf8")) ? undefined : true),
    );
    const state = await program.ok("stack", "export");
    expect(state).toContain("random:index/randomId:RandomId");
    expectSuccess(await program.pulumi("destroy", "--yes", "--skip-preview"));
  });
});
