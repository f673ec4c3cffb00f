// The samples of a run, by scenario and side, told as they come.
import { tell } from "../../scripts/lib/run.mts";
import type { Timed } from "./timing.mts";

/** Who was measured: ours as a whole, its engine alone, and what each is compared with. */
export type Side = "compose" | "floor" | "./dev" | "pulumi";

export interface Samples {
  readonly wall: number[];
  readonly cpu: number[];
}

export class Recorder {
  private readonly samples = new Map<string, Samples>();
  private readonly say: (line: string) => void;

  constructor(say: (line: string) => void = tell) {
    this.say = say;
  }

  async measure(scenario: string, side: Side, act: Promise<Timed>): Promise<void> {
    const { wallSeconds, cpuSeconds } = await act;
    const samples = this.of(scenario, side) ?? { wall: [], cpu: [] };
    samples.wall.push(wallSeconds);
    samples.cpu.push(cpuSeconds);
    this.samples.set(key(scenario, side), samples);
    this.say(`${scenario.padEnd(24)} ${side.padEnd(8)} ${wallSeconds.toFixed(1).padStart(6)} s`);
  }

  of(scenario: string, side: Side): Samples | undefined {
    return this.samples.get(key(scenario, side));
  }
}

function key(scenario: string, side: Side): string {
  return `${scenario}\n${side}`;
}
