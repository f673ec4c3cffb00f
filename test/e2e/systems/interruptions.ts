import { draw, Draw, PARTS, thisRun } from "../../support/draw";
import { Phase, PHASE_NAMES } from "../support/load/interruption";
import { Round, ROUNDS } from "./rotation-plans";

/** A rotation that is cut off in a phase. */
export interface PlannedInterruption {
  readonly phase: Phase;
  readonly round: Round;
}

const MATRIX = "kinds of interruption";

/** Seeds with the same phases and the same system: the systems take turns, and their number divides no number of parts. */
const SEEDS_OF_PAIR = PARTS[MATRIX] * PARTS["systems in all environments"];

/**
 * The phases that a run draws, each with a rotation of the system that runs in dev. Once all phases were drawn for all
 * systems, each meets the next rotation.
 */
export function planInterruptions(project: string, run: Draw = thisRun()): PlannedInterruption[] {
  const turn = Math.floor(run.seed / SEEDS_OF_PAIR);
  return draw(MATRIX, PHASE_NAMES, run).map((phase) => {
    const index = PHASE_NAMES.indexOf(phase) + turn;
    const round = ROUNDS[index % ROUNDS.length]?.[project] as Round;
    return { phase, round };
  });
}
