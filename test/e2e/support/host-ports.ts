import * as net from "node:net";
import * as os from "node:os";

const CONNECT_MS = 1000;

/** IPv4 addresses of this host by which others reach it; bridges of containers are not among them. */
export function hostAddresses(): string[] {
  return Object.entries(os.networkInterfaces())
    .filter(([name]) => !/^(br-|docker|veth)/.test(name))
    .flatMap(([, addresses = []]) => addresses)
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);
}

/** Of some ports, those that take a connection at an address. */
export async function openPorts(address: string, ports: readonly number[]): Promise<number[]> {
  const open = await Promise.all(ports.map((port) => takesConnection(address, port)));
  return ports.filter((_, index) => open[index]);
}

export function takesConnection(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: CONNECT_MS });
    const end = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.on("connect", () => {
      end(true);
    });
    socket.on("error", () => {
      end(false);
    });
    socket.on("timeout", () => {
      end(false);
    });
  });
}
