// What every rule is tried on: each environment of both systems, and the program of foreign images.
import { ServiceSummary } from "../../components";
import { foreignProgram } from "./foreign";
import { Graph, Inputs, Node } from "./harness";
import { stackGraph, STACKS, System, SYSTEMS } from "./stacks";

export interface Case {
  /** `lunch-bot dev`. */
  readonly name: string;
  /** What is particular to its system. */
  readonly expected: Expected;
  readonly graph: Graph;
  readonly containers: readonly Container[];
}
export interface Container extends Node {
  readonly role: string;
  readonly service: string;
  /** What the program's outputs say of it. */
  readonly exemptions: NonNullable<ServiceSummary["exemptions"]>;
}

export interface Expected {
  /** More than one replica, so that rules about several hold for several. */
  readonly replicas: Readonly<Record<string, number>>;
  readonly running: number;
  /** Containers that keep their name. */
  readonly stopFirst: readonly string[];
  /** What cannot be made anew. */
  readonly protected: readonly string[];
  readonly routes: readonly string[];
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  "lunch-bot": {
    replicas: { backend: 2 },
    running: 10,
    stopFirst: ["kafka", "nginx", "postgres", "redis", "telegram-bot"],
    protected: ["Volume kafka-data", "Volume postgres-data", "Volume redis-data"],
    routes: ["backend", "frontend"],
  },
  "task-tracker": {
    replicas: { dashboard: 2 },
    running: 7,
    stopFirst: ["nats", "nginx", "postgres", "worker"],
    protected: [
      ...["RandomPassword encryption-key-1", "RandomPassword encryption-key-2"],
      ...["Volume nats-data", "Volume postgres-data", "Volume worker-data"],
    ],
    routes: ["api", "dashboard"],
  },
};
const NOTHING: Expected = { replicas: {}, running: 0, stopFirst: [], protected: [], routes: [] };

/** `lunch-bot dev` and the others, without the foreign program. */
export const ENVIRONMENTS = SYSTEMS.flatMap(({ project }) => STACKS.map((stack) => `${project} ${stack}`));

/** All cases, the foreign program last. */
export async function allCases(): Promise<Case[]> {
  const cases: Case[] = [];
  for (const system of SYSTEMS) cases.push(...(await casesOf(system)));
  const { graph, services } = await foreignProgram();
  return [...cases, caseOf("foreign", { ...NOTHING, running: 6 }, graph, services)];
}

async function casesOf(system: System): Promise<Case[]> {
  const expected = EXPECTED[system.project] ?? NOTHING;
  const cases: Case[] = [];
  // One after the other: the mocks are the process's own.
  for (const stack of STACKS) {
    const { graph, outputs } = await stackGraph(stack, { replicas: expected.replicas }, system);
    cases.push(caseOf(`${system.project} ${stack}`, expected, graph, outputs.services));
  }
  return cases;
}

function caseOf(name: string, expected: Expected, graph: Graph, services: Record<string, ServiceSummary>): Case {
  const containers = graph.ofType(":Container").map((node) => {
    const service = label(node.inputs, "service");
    const exemptions = services[service]?.exemptions ?? {};
    return { ...node, role: label(node.inputs, "role"), service, exemptions };
  });
  return { name, expected, graph, containers };
}

function label(inputs: Inputs, name: string): string {
  const labels = inputs.labels as { label: string; value: string }[];
  return labels.find((item) => item.label === `dockwright.${name}`)?.value ?? "";
}
