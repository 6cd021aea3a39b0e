import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';

/** Nobody but the owner, until the file has the mode that it is to have. */
const OWNER_ONLY = 0o177;

/** The name that libpq looks for in a socket directory. */
export const socketFileName = (port: number): string => `.s.PGSQL.${port}`;

/** Listens on a file. One that a server has left behind is taken over; one that is in use ends in EADDRINUSE, which the server emits. */
export function listenOnSocketFile(server: Server, path: string, mode: number): void {
  const listen = (): void => {
    const before = process.umask(OWNER_ONLY);
    try {
      server.listen(path, () => chmodSync(path, mode));
    } finally {
      process.umask(before);
    }
  };
  if (!existsSync(path)) {
    listen();
    return;
  }
  const probe = connect(path);
  probe.once('connect', () => {
    probe.destroy();
    server.emit(
      'error',
      Object.assign(new Error(`listen EADDRINUSE: address already in use ${path}`), { code: 'EADDRINUSE', address: path }),
    );
  });
  probe.once('error', (error) => {
    if ('code' in error && error.code === 'ECONNREFUSED') unlinkSync(path);
    listen();
  });
}
