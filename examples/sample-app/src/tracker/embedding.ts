import { createHash } from "node:crypto";

/** As many as the column of the messages table holds. */
const dimensions = 128;

/**
 * Stands for a model's embedding, and is the same everywhere and for ever: texts that share words or parts of words are
 * close to each other. Each word and each three letters of it count in a place given by their hash.
 */
export function embed(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text
    .toLowerCase()
    .normalize("NFKD")
    .match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(vector, word, 2);
    const padded = `^${word}$`;
    for (let at = 0; at + 3 <= padded.length; at++) add(vector, padded.slice(at, at + 3), 1);
  }
  const length = Math.hypot(...vector);
  // The cosine of a text without words would not be a number.
  if (length === 0) return vector.fill(1 / Math.sqrt(dimensions));
  return vector.map((value) => value / length);
}

function add(vector: number[], feature: string, weight: number): void {
  const hash = createHash("sha256").update(feature).digest();
  const place = hash.readUInt16BE(0) % dimensions;
  // The sign keeps two features in one place from looking alike.
  vector[place]! += (hash[2]! & 1) === 0 ? weight : -weight;
}

/** As pgvector reads it. */
export const vectorText = (vector: readonly number[]): string => `[${vector.map((v) => v.toFixed(6)).join(",")}]`;
