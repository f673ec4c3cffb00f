import * as pulumi from "@pulumi/pulumi";

import { EncryptionKeys, JwtKeys } from "../../components";
import { MoveRules, moveProblem, refusing } from "../../components/secrets/ring-moves";
import { graph } from "../support/harness";

const JWT: MoveRules = { mayFall: true, reason: "sessions would be refused" };
const ENCRYPTION: MoveRules = { mayFall: false, reason: "data would be lost" };

describe("where a ring may go", () => {
  test.each([
    ["jwt", JWT, 1, [1, 2]],
    ["jwt", JWT, 4, [3, 4, 5]],
    ["encryption", ENCRYPTION, 1, [1, 2]],
    ["encryption", ENCRYPTION, 4, [4, 5]],
  ])("%s from its place to a neighbour", (name, rules, from, allowed) => {
    const all = [-1, 0, 1, 2, 3, 4, 5, 6, 100];
    expect(all.filter((to) => moveProblem(name, rules, from, to) === undefined)).toEqual(allowed);
  });

  test("the message has the path, what would be right and why, what was got, and the next step", () => {
    expect(moveProblem("jwt", JWT, 4, 9)).toBe(
      [
        "nothing of it was changed",
        "  rotation.jwt: want one of 3, 4, 5, because it is 4 now and sessions would be refused, got 9",
        "    fix: pulumi config set --path 'rotation.jwt' 5, and further steps in further updates",
      ].join("\n"),
    );
  });

  test.each([
    ["a jump back goes by one", "jwt", JWT, 4, 1, "'rotation.jwt' 3, and further steps in further updates"],
    ["there is nothing below 1", "jwt", JWT, 1, 0, "'rotation.jwt' 1"],
    ["what never falls stays", "encryption", ENCRYPTION, 4, 3, "'rotation.encryption' 4"],
    [
      "a jump goes by one",
      "encryption",
      ENCRYPTION,
      1,
      5,
      "'rotation.encryption' 2, and further steps in further updates",
    ],
  ])("%s", (_case, name, rules, from, to, fix) => {
    expect(moveProblem(name, rules, from, to)?.split("\n").at(-1)).toBe(`    fix: pulumi config set --path ${fix}`);
  });
});

interface HookRequest {
  getName(): string;
  getOnDryRun(): boolean;
  getIgnoreErrors(): boolean;
}
interface ResourceRequest {
  getName(): string;
  getHooks(): { getBeforeUpdateList(): string[] } | undefined;
}
type Answer = (error: null, response?: object) => void;

/** What an engine hears that takes hooks. */
interface Heard {
  /** Hooks by name, and whether they run in previews and what they throw counts. */
  readonly hooks: Record<string, { dryRun: boolean; counts: boolean }>;
  /** Names of the hooks before an update, by the resource's name. */
  readonly beforeUpdate: Record<string, readonly string[]>;
}

/** Makes the monitor of the mocks one that takes hooks, as an engine's. */
function takingHooks(): Heard {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResourceHook: (request: HookRequest, answer: Answer) => void;
    registerResource: (request: ResourceRequest, answer: Answer) => unknown;
  };
  const heard: Heard = { hooks: {}, beforeUpdate: {} };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResourceHook = (request, answer) => {
    heard.hooks[request.getName()] = { dryRun: request.getOnDryRun(), counts: !request.getIgnoreErrors() };
    answer(null, {});
  };
  monitor.registerResource = (request, answer) => {
    heard.beforeUpdate[request.getName()] = request.getHooks()?.getBeforeUpdateList() ?? [];
    return register(request, answer);
  };
  return heard;
}

/** The last hook before an update, under an engine that takes hooks. */
async function lastHook(hooks?: pulumi.ResourceHookBinding) {
  let made: pulumi.ResourceHookBinding = {};
  await graph({}, () => {
    takingHooks();
    made = refusing("jwt", JWT, hooks);
  });
  return { made, hook: made.beforeUpdate?.at(-1) as pulumi.ResourceHook };
}

describe("the hook", () => {
  const told = { urn: "urn", id: "", name: "jwt", type: "dockwright:secrets:JwtKeys" } as const;

  test("refuses a move by its own words, and lets the others pass", async () => {
    const { hook } = await lastHook();
    const move = (from: unknown, to: unknown) =>
      hook.callback({ ...told, oldInputs: from, newInputs: to } as pulumi.ResourceHookArgs);
    expect(() => move({ generation: 1 }, { generation: 3 })).toThrow(
      /^nothing of it was changed\n.*rotation\.jwt: want one of 1, 2, .*, got 3\n/,
    );
    for (const to of [1, 2]) expect(() => move({ generation: 1 }, { generation: to })).not.toThrow();
  });

  test("lets a ring pass whose generation was not kept with it before", async () => {
    const { hook } = await lastHook();
    for (const oldInputs of [undefined, {}]) {
      const args = { ...told, oldInputs, newInputs: { generation: 9 } } as pulumi.ResourceHookArgs;
      expect(() => hook.callback(args)).not.toThrow();
    }
  });

  test("comes after those of the caller, which all stay", async () => {
    const own = { beforeUpdate: ["mine"], afterCreate: ["more"] } as unknown as pulumi.ResourceHookBinding;
    const { made, hook } = await lastHook(own);
    expect(made).toEqual({ beforeUpdate: ["mine", hook], afterCreate: ["more"] });
    expect(hook.name).toBe("rotation of jwt");
  });

  test("every ring has one, which runs in previews, too, and whose refusal counts", async () => {
    let heard: Heard | undefined;
    await graph({}, () => {
      heard = takingHooks();
      new JwtKeys("jwt", { generation: 2 });
      new EncryptionKeys("encryption", { generation: 2 });
    });
    const counting = { dryRun: true, counts: true };
    expect(heard?.hooks).toEqual({ "rotation of jwt": counting, "rotation of encryption": counting });
    expect(heard?.beforeUpdate).toMatchObject({
      ...{ jwt: ["rotation of jwt"], encryption: ["rotation of encryption"] },
      ...{ "jwt-key-2": [], "encryption-key-1": [] },
    });
  });
});

test("under mocks no hook is registered, for they would wait for it without end; the caller's stay", async () => {
  const own = { afterCreate: ["more"] } as unknown as pulumi.ResourceHookBinding;
  let made: pulumi.ResourceHookBinding | undefined;
  await graph({}, () => {
    expect((pulumi.runtime.getMonitor() as { registerResourceHook?: unknown }).registerResourceHook).toBeUndefined();
    expect(refusing("jwt", JWT)).toEqual({});
    made = refusing("jwt", JWT, own);
  });
  expect(made).toBe(own);
});
