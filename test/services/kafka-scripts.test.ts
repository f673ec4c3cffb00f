// The scripts' bytes against Kafka's protocol: https://kafka.apache.org/41/design/protocol
import { hostScript, scriptText } from "../../components/platform/script";
import { SCRAM_ITERATIONS, upsertScram } from "../../components/services/kafka-wire";
import { Answers, FakeBroker } from "../support/fake-broker";
import { FakeDocker } from "../support/fake-docker";
import { ROOT } from "../support/stacks";

const SERVICES = `${ROOT}/components/services`;
const API = { describeAcls: 29, deleteAcls: 31, alterScram: 51 } as const;
const LOGIN = "app_notifications_worker_1aced1c4";

const bytes = (hex: string) => Buffer.from(hex, "hex");
const hex = (text: string) => Buffer.from(text).toString("hex");
const int16 = (value: number) => value.toString(16).padStart(4, "0");
const text = (value: string) => int16(value.length) + hex(value);
const compactText = (value: string) => (value.length + 1).toString(16).padStart(2, "0") + hex(value);
const NOT_THROTTLED = "00000000";
const NULL = "ffff";

/** AlterUserScramCredentials 0: one result, with an error code and the broker's words. */
const altered = (code: number, words = "") =>
  bytes(`00${NOT_THROTTLED}02${compactText(LOGIN)}${int16(code)}${words ? compactText(words) : "00"}0000`);
/** DeleteAcls 1: one filter, and nothing that it matched. */
const deleted = (code: number, words?: string) =>
  bytes(`${NOT_THROTTLED}00000001${int16(code)}${words ? text(words) : NULL}00000000`);
/** DescribeAcls 1: for each resource those who may read and write it. */
const described = (resources: readonly (readonly string[])[], code = 0, words?: string) => {
  const acl = (user: string, operation: string) => `${text(`User:${user}`)}${text("*")}${operation}03`;
  const all = resources.map((users) => {
    const acls = users.flatMap((user) => [acl(user, "03"), acl(user, "04")]);
    return `02${text("lunch-bot.")}04${acls.length.toString(16).padStart(8, "0")}${acls.join("")}`;
  });
  const head = `${NOT_THROTTLED}${int16(code)}${words ? text(words) : NULL}`;
  return bytes(`${head}${all.length.toString(16).padStart(8, "0")}${all.join("")}`);
};

let docker: FakeDocker;
let broker: FakeBroker | undefined;

beforeEach(() => {
  docker = new FakeDocker({ status: "running" });
});
afterEach(async () => {
  await broker?.stop();
  broker = undefined;
  docker.remove();
});

/** Runs a script against a broker that answers like that. */
async function against(answers: Answers, script: string, environment: Record<string, string> = {}) {
  broker = await FakeBroker.start(answers);
  const outcome = await docker.sh(script, {
    ...{ CONTAINER: "c", SERVICE: "kafka", ADMIN_ADDRESS: broker.address },
    WIRE: scriptText(SERVICES, "kafka-wire.sh"),
    ...environment,
  });
  return { ...outcome, requests: broker.requests };
}

describe("retiring a principal", () => {
  const revoke = (answers: Answers, login = LOGIN) =>
    against(answers, hostScript(SERVICES, "kafka-revoke.sh"), { LOGIN: login });
  const WILLING: Answers = { [API.alterScram]: altered(0), [API.deleteAcls]: deleted(0) };

  /** What the request that changes its password has between what is known beforehand. */
  function overwritten(body: Buffer | undefined) {
    const known = `000102${compactText(LOGIN)}0200001000`; // tags, no deletion, one login: SCRAM-SHA-512, 4096 rounds
    expect(body?.toString("hex").startsWith(known)).toBe(true);
    const rest = body?.subarray(known.length / 2) ?? Buffer.alloc(0);
    return { salt: rest.subarray(1, 33), saltedPassword: rest.subarray(34, 98) };
  }

  test("overwrites its password and takes its rights, in this order, and says nothing", async () => {
    const { code, stdout, stderr, calls, requests } = await revoke(WILLING);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(calls.filter((call) => call.startsWith("exec"))).toEqual(["exec c"]);
    expect(requests.map(({ api, version, correlationId }) => [api, version, correlationId])).toEqual([
      [API.alterScram, 0, 7],
      [API.deleteAcls, 1, 7],
    ]);
  });

  test("deletes no principal: that locks out all others at the next start of 4.1", async () => {
    const { requests } = await revoke(WILLING);
    const { salt, saltedPassword } = overwritten(requests[0]?.body);
    const request = upsertScram({ username: LOGIN, salt, saltedPassword });
    // The same request as the one that makes a login, from behind the client's name on: nothing in it is left over.
    const body = request.subarray(4 + 8 + 2 + "dockwright".length);
    expect(requests[0]?.body.toString("hex")).toBe(body.toString("hex"));
    expect(SCRAM_ITERATIONS).toBe(0x1000);
  });

  test("overwrites it with a password that nobody knows, another one each time", async () => {
    const first = overwritten((await revoke(WILLING)).requests[0]?.body);
    await broker?.stop();
    const second = overwritten((await revoke(WILLING)).requests[0]?.body);
    for (const { salt, saltedPassword } of [first, second]) {
      expect([salt.length, saltedPassword.length]).toEqual([32, 64]);
      expect(new Set([...salt, ...saltedPassword]).size).toBeGreaterThan(32);
    }
    expect(first.salt.equals(second.salt)).toBe(false);
    expect(first.saltedPassword.equals(second.saltedPassword)).toBe(false);
  });

  test("takes whatever rights it has, and nobody else's", async () => {
    const { requests } = await revoke(WILLING);
    expect(requests[1]?.body.toString("hex")).toBe(
      `00000001${["01", NULL, "01", text(`User:${LOGIN}`), NULL, "01", "01"].join("")}`,
    );
  });

  test("a broker that refuses fails the act with its words, and nothing more is asked", async () => {
    const words = "The broker is read-only";
    const first = await revoke({ ...WILLING, [API.alterScram]: altered(41, words) });
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/^the broker refused the login: .*The broker is read-only\n$/);
    expect(first.requests).toHaveLength(1);
    await broker?.stop();
    const second = await revoke({ ...WILLING, [API.deleteAcls]: deleted(31, words) });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^the broker refused to take the rights back: .*The broker is read-only\n$/);
  });

  test("a broker that hangs up fails the act", async () => {
    const { code, stderr } = await revoke({});
    expect({ code, stderr }).toEqual({ code: 1, stderr: "the broker did not answer\n" });
  });

  test("on a broker that does not run it is a warning", async () => {
    docker.write("status", "exited");
    const { code, stderr, requests } = await revoke(WILLING);
    expect({ code, stderr, requests }).toEqual({
      ...{ code: 0, stderr: `warning: kafka does not run, ${LOGIN} could not be revoked\n` },
      requests: [],
    });
  });
});

describe("the list of principals", () => {
  const list = (answer: Buffer | undefined) => {
    const script = scriptText(SERVICES, "login-marks.sh", "kafka-list.sh");
    return against(answer ? { [API.describeAcls]: answer } : {}, script, { MARKS_FILE: `${docker.folder}/marks` });
  };

  test("asks for every right there is", async () => {
    const { requests } = await list(described([]));
    expect(requests.map(({ api, version, correlationId }) => [api, version, correlationId])).toEqual([
      [API.describeAcls, 1, 7],
    ]);
    expect(requests[0]?.body.toString("hex")).toBe(["01", NULL, "01", NULL, NULL, "01", "01"].join(""));
  });

  test("has each who has rights once, and says who was made here", async () => {
    const long = `app_${"x".repeat(60)}_12345678`;
    docker.write("marks", `${LOGIN}\n${long}\n`);
    const { code, stdout, stderr } = await list(
      described([[LOGIN, "app_api_00000001"], [LOGIN], [long, "Ops.Team-1"]]),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trimEnd().split("\n")).toEqual([
      "other Ops.Team-1",
      "other app_api_00000001",
      `ours ${LOGIN}`,
      `ours ${long}`,
    ]);
  });

  test("is empty where nobody has any", async () => {
    expect(await list(described([]))).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });

  test("is an error where the broker refuses or hangs up, not an empty list", async () => {
    const refused = await list(described([], 31, "Cluster authorization failed"));
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^the broker refused to tell its rights: .*Cluster authorization failed\n$/);
    await broker?.stop();
    expect(await list(undefined)).toMatchObject({ code: 1, stdout: "", stderr: "the broker did not answer\n" });
  });
});
