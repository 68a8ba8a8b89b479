// Whether a host answers on a port at all: for the page that says what to open in the firewall, and for test mail.
import net from 'node:net';

/** @returns null when the port accepts a connection within `timeout` ms, else a sentence */
export function probeTcp(host: string, port: number, timeout = 3_000): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const finish = (answer: string | null) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeout, () => finish(`${host} port ${port} tidak menjawab dalam ${timeout / 1000} detik.`));
    socket.once('connect', () => finish(null));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      finish(`${host} port ${port} tidak dapat dihubungi (${error.code ?? 'galat'}).`),
    );
  });
}
