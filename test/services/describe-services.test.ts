import { Backend, describeServices, ServiceSummary, Worker } from "../../components";
import { engine, IMAGE, LIMIT, RUNTIME } from "../support/fixtures";
import { graph } from "../support/harness";
import { ready } from "../support/services";

async function described(): Promise<Record<string, ServiceSummary>> {
  let services: Record<string, ServiceSummary> = {};
  await graph({}, () => {
    const common = { platform: engine(), image: IMAGE, limit: LIMIT, runtime: RUNTIME, segments: ["calls"] };
    const http = { ...common, port: 80, readinessPath: "/ready" };
    const secret = { uses: [ready()], entrypoint: ["serve"], secretsAsEnvironment: { A: "${TOKEN}", B: "${TOKEN}" } };
    services = describeServices(
      new Backend("own", { ...http, replicas: 2 }),
      new Backend("outside", { ...http, health: { kind: "http", from: "outside" } }),
      new Backend("both", { ...http, ...secret, health: { kind: "tcp" } }),
      new Worker("none", { ...common, health: { kind: "none" } }),
    );
  });
  return services;
}

test("image and replicas of each service, and its exemptions where it has any", async () => {
  const { own, outside, both, none } = await described();
  expect(own).toStrictEqual({ image: IMAGE, replicas: 2 });
  const fromOutside = "checked once, from outside, before it gets work; after that Docker knows only whether it runs";
  expect(outside?.exemptions).toEqual({ "docker-health-check": fromOutside });
  expect(both?.exemptions).toEqual({
    "docker-health-check": fromOutside,
    "secrets-as-files": "in the environment of its processes: A, B",
  });
  expect(none?.exemptions).toEqual({ "docker-health-check": "not checked; Docker knows only whether it runs" });
});
