// The two systems of this repository: a program each, and three environments that differ in values.
import * as path from "node:path";

/** Top folder of the repository. */
export const ROOT = path.join(__dirname, "..", "..");

export interface System {
  /** Name of its Pulumi project. */
  readonly project: string;
  /** Where its program and its stack files lie, from the top folder. */
  readonly folder: string;
  /** Name by which its program imports the library. */
  readonly library: string;
  /** Loads its settings.ts. */
  readonly settings: () => Promise<object>;
  /** Its images by name. */
  readonly images: readonly string[];
  /** What people hand in; dev makes placeholders instead. */
  readonly givenSecrets: Readonly<Record<string, string>>;
}

export const LUNCH_BOT: System = {
  project: "lunch-bot",
  folder: ".",
  library: "./components",
  settings: () => import("../../settings"),
  images: ["postgres", "redis", "kafka", "nginx", "app", "files"],
  givenSecrets: { telegramBotToken: "123:telegram-token", geminiApiKeys: "gemini-1,gemini-2" },
};

export const TASK_TRACKER: System = {
  project: "task-tracker",
  folder: "examples/task-tracker",
  library: "dockwright",
  settings: () => import("../../examples/task-tracker/settings"),
  images: ["postgres", "nats", "nginx", "app", "files"],
  givenSecrets: {
    telegramBotToken: "789:tracker-token",
    smtpPassword: "smtp-password-1",
    llmApiKeys: "llm-key-1,llm-key-2",
  },
};

export const SYSTEMS = [LUNCH_BOT, TASK_TRACKER] as const;

/** The environments of each system. */
export const STACKS = ["dev", "staging", "prod"] as const;
export type StackName = (typeof STACKS)[number];
