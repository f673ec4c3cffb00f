import { RenderedService } from "../platform/service-resources";

/** What the `services` output of a program says of one service. */
export interface ServiceSummary {
  readonly image: string;
  readonly replicas: number;
}

/** The `services` output of a program: image and replicas by service. */
export function describeServices(
  ...components: readonly { readonly service: RenderedService }[]
): Record<string, ServiceSummary> {
  return Object.fromEntries(
    components.map(({ service: { service, image, containers } }) => [service, { image, replicas: containers.length }]),
  );
}
