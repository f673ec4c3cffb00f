import { draw, Draw, RUNS_FOR_ALL, thisRun } from "../../support/draw";
import { SYSTEMS } from "../../support/systems";
import { Phase, PHASE_NAMES } from "../support/load/interruption";
import { Round, ROUNDS } from "./plans";

/** A rotation of a system that is cut off in a phase. */
export interface PlannedInterruption {
  readonly project: string;
  readonly phase: Phase;
  readonly round: Round;
}

const MATRIX = "kinds of interruption";

/**
 * The phases that a run draws, each with a rotation and a system. Once all phases were drawn, each meets the next rotation
 * and the other system.
 */
export function planInterruptions(run: Draw = thisRun()): PlannedInterruption[] {
  const turn = Math.floor(run.seed / RUNS_FOR_ALL[MATRIX]);
  return draw(MATRIX, PHASE_NAMES, run).map((phase) => {
    const index = PHASE_NAMES.indexOf(phase);
    const half = Math.floor(index / RUNS_FOR_ALL[MATRIX]);
    const { project } = SYSTEMS[(half + turn) % SYSTEMS.length] ?? SYSTEMS[0];
    const round = ROUNDS[(index + Math.floor(turn / SYSTEMS.length)) % ROUNDS.length]?.[project] as Round;
    return { project, phase, round };
  });
}
