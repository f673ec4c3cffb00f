// A second image of the application, so that a release can be measured: the same content under another id.
import { capture, output } from "../../scripts/lib/run.mts";

export class NextImage {
  private id: string | undefined;

  /** The image that comes after this one. */
  after(current: string): string {
    this.id ??= commit(current);
    return this.id;
  }

  /** Once nothing runs it any more; an image that is still in use stays. */
  remove(): void {
    if (this.id !== undefined) capture("docker", ["image", "rm", this.id]);
  }
}

function commit(image: string): string {
  const container = output("docker", ["create", image]).trim();
  try {
    return output("docker", ["commit", "--change", "LABEL dockwright.bench=next", container]).trim();
  } finally {
    output("docker", ["rm", container]);
  }
}
