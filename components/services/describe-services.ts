import { RenderedService } from "../platform/service-resources";
import { Exemptions } from "../platform/service-spec";

/** What the `services` output of a program says of one service. */
export interface ServiceSummary {
  /** The image its containers run. */
  readonly image: string;
  /** How many containers it has. */
  readonly replicas: number;
  /** Rules of the platform that do not hold for it, and what holds instead. @default absent where all hold */
  readonly exemptions?: Exemptions;
}

/** The `services` output of a program: image, replicas and exemptions by service. */
export function describeServices(
  ...components: readonly { readonly service: RenderedService }[]
): Record<string, ServiceSummary> {
  return Object.fromEntries(components.map(({ service }) => [service.service, summary(service)]));
}

function summary({ image, containers, exemptions }: RenderedService): ServiceSummary {
  return { image, replicas: containers.length, ...(Object.keys(exemptions).length > 0 && { exemptions }) };
}
