// Which processes are the remains of a killed Pulumi CLI? Plugins and the program outlive it and may go on working.
import { basename } from "node:path";

export interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly args: string;
}

/** Parses `ps -axww -o pid= -o ppid= -o args=`. */
export function parseProcesses(text: string): Process[] {
  return text
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ pid: Number(match[1]), ppid: Number(match[2]), args: match[3] ?? "" }));
}

function isCli({ args }: Process): boolean {
  return basename(args.split(" ")[0] ?? "") === "pulumi";
}

/** A plugin, or the node process that runs a Pulumi program. */
function isPart({ args }: Process): boolean {
  const program = basename(args.split(" ")[0] ?? "");
  if (/^pulumi-(resource|language)-/.test(program)) return true;
  return program === "node" && /@pulumi\/pulumi\/cmd\/run(-plugin|-policy-pack)?(\/|\s|$)/.test(args);
}

/**
 * Parts without a living CLI above them that `belongs` to the update in question, and everything they started,
 * children first.
 */
export function remains(all: readonly Process[], belongs: (pid: number) => boolean): Process[] {
  const byPid = new Map(all.map((process) => [process.pid, process]));
  const hasCli = (process: Process): boolean => {
    for (let at: Process | undefined = process; at && at.pid > 1; at = byPid.get(at.ppid)) {
      if (isCli(at)) return true;
    }
    return false;
  };
  const found = new Map<number, Process>();
  const collect = (process: Process): void => {
    if (found.has(process.pid)) return;
    found.set(process.pid, process);
    for (const child of all) if (child.ppid === process.pid) collect(child);
  };
  for (const process of all) if (isPart(process) && !hasCli(process) && belongs(process.pid)) collect(process);
  return [...found.values()].reverse();
}
