// What both sides of the comparison can do. Each act is one timed command that ends when its work is done.
import type { Timed } from "./timing.mts";

export interface Contender {
  readonly name: string;
  /** Creates or updates everything and waits until all is healthy. */
  up(): Promise<Timed>;
  /** Says what `up` would change. */
  preview(): Promise<Timed>;
  /** From now on the application runs this image. */
  setImage(image: string): Promise<void>;
  /** Brings that image into service and waits until all is healthy. */
  release(): Promise<Timed>;
  /** Removes everything, data volumes too. */
  down(): Promise<Timed>;
  /** Removes whatever is there, also when the bench itself was interrupted. */
  cleanUp(): Promise<void>;
}
