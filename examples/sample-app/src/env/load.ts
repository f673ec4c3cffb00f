import { readFileSync } from "node:fs";
import { z } from "zod";
import { EnvironmentError, problemsOf } from "./problems.ts";
import { resolveSecrets } from "./secrets.ts";

/** Reads the variables an entry needs, once, and reports all that is wrong with them at once. */
export function loadEnv<S extends z.ZodRawShape>(
  shape: S,
  env: NodeJS.ProcessEnv,
  readFile: typeof readFileSync = readFileSync,
): z.infer<z.ZodObject<S>> {
  const { values, problems } = resolveSecrets(env, readFile);
  // A file that nobody here asked for is not a problem of this entry.
  const asked = problems.filter((problem) => Object.hasOwn(shape, nameIn(problem)));
  const unreadable = new Set(asked.map(nameIn));
  const parsed = z.object(shape).safeParse(values);
  if (parsed.success && asked.length === 0) return parsed.data;
  const others = parsed.success ? [] : problemsOf(parsed.error);
  throw new EnvironmentError([...asked, ...others.filter((p) => !unreadable.has(nameIn(p)))]);
}

const nameIn = (problem: string): string => problem.split(/[.:]/, 1)[0]!.replace(/_FILE$/, "");
