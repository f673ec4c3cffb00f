import { Answer } from "../support/ask";

/** The headers that a service was asked with. */
export function told({ text }: Answer): Record<string, string> {
  return toldRaw(text).headers;
}

export interface Told {
  readonly headers: Record<string, string>;
  readonly url: string;
  readonly port: number;
}

/** What a service was asked, out of the whole text of an answer. */
export function toldRaw(text: string): Told {
  return JSON.parse(text.slice(text.lastIndexOf('{"headers"'))) as Told;
}
