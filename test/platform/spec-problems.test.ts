import { JwtKeys, Redis, Worker } from "../../components";
import { SpecBasics, specProblems } from "../../components/platform/spec-problems";
import { formatProblem } from "../../components/settings/problems";
import { engine, IMAGE, LIMIT, RUNTIME } from "../support/fixtures";
import { failing } from "../support/harness";

const service: SpecBasics = { service: "api", user: "1:1", limit: { cpus: 1, memoryMiB: 64 }, update: "start-first" };

const NAME = "lower-case letters, digits and dashes, at most 40: it becomes a host name";
const SINGLE = "1 for a service whose old version stops before the new one starts";

test.each<[Partial<SpecBasics>, string[]]>([
  [{}, []],
  [{ replicas: 3 }, []],
  [{ update: "stop-first", replicas: 1 }, []],
  [{ service: "telegram-bot2" }, []],
  [{ service: "Api" }, [`  service: want ${NAME}, got Api`]],
  [{ service: "2api" }, [`  service: want ${NAME}, got 2api`]],
  [{ user: "root" }, ["  user: want a numeric uid:gid that is not root, got root"]],
  [{ user: "0:0" }, ["  user: want a numeric uid:gid that is not root, got 0:0"]],
  [{ user: "1000" }, ["  user: want a numeric uid:gid that is not root, got 1000"]],
  [{ limit: { cpus: 1, memoryMiB: 5 } }, ["  limit.memoryMiB: want 6 or more, got 5"]],
  [{ update: "stop-first", replicas: 2 }, [`  replicas: want ${SINGLE}, got 2`]],
])("%j: %j", (changes, problems) => {
  expect(specProblems({ ...service, ...changes }).map(formatProblem)).toEqual(problems);
});

test.each([
  [
    "an application",
    () => {
      new Worker("API", { ...on(), user: "root", uses: [new JwtKeys("jwt", { generation: 1 })] });
    },
  ],
  [
    "a server",
    () => {
      new Redis("API", { ...on(), prefix: "", segment: "data", limit: { cpus: 1, memoryMiB: 1 } });
    },
  ],
])("all problems of %s come in one message, before anything is made for it", async (_kind, construct) => {
  const { failure, nodes } = await failing({}, construct);
  expect(failure).toMatch(/^(service|Redis) "API": 2 problem\(s\), nothing was changed\n {2}service: /m);
  expect(nodes.filter(({ name }) => name.startsWith("API-"))).toEqual([]);
});

function on() {
  return { platform: engine(), runtime: RUNTIME, limit: LIMIT, image: IMAGE };
}
