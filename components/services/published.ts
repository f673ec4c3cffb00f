import { NetworkMembership, PublishedPort } from "../platform/service-spec";

/** A port of a server of its own on the host, for tools of development. */
export interface Publication {
  /** Port on the host. */
  readonly hostPort: number;
  /** Address of the host it is bound to. @default "127.0.0.1" */
  readonly bindAddress?: string;
  /** Segment that is not internal, which the server joins for it: nothing on an internal one can be published. */
  readonly segment: string;
}

/** Ports and segments of a server that its consumers find on `segment`. */
export function reachedOn(
  segment: string,
  alias: string,
  containerPort: number,
  publish?: Publication,
): { networks: NetworkMembership[]; ports: PublishedPort[] } {
  const networks = [{ segment, aliases: [alias] }];
  if (!publish) return { networks, ports: [] };
  const { hostPort, bindAddress = "127.0.0.1" } = publish;
  return {
    networks: [...networks, { segment: publish.segment }],
    ports: [{ containerPort, hostPort, bindAddress }],
  };
}
