// The columns that all of `./dev`'s progress shares; scripts/lib/phase.sh has the same.

const SERVICE = 22;
const WORDS = 44;

/** `1.2 s` */
export function seconds(milliseconds: number): string {
  return `${(Math.floor(milliseconds / 100) / 10).toFixed(1)} s`;
}

/** A finished phase: `==> name detail time`. */
export function phaseLine(name: string, detail: string, milliseconds: number): string {
  return `==> ${name.padEnd(10)} ${detail.padEnd(WORDS)} ${seconds(milliseconds).padStart(8)}`;
}

export function serviceLine(name: string, words: string, milliseconds?: number): string {
  const time = milliseconds === undefined ? "" : seconds(milliseconds);
  return `    ${name.padEnd(SERVICE)} ${words.padEnd(WORDS - 12)} ${time.padStart(8)}`.trimEnd();
}
