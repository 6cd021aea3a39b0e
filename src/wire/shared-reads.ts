import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Node gives every read of a socket 64 KB of memory of its own and takes most of them back; for small messages that is a third of what a
 * read costs. A socket that is made with `onread` reads into memory that is there. For accepted sockets Node offers no option for it, so the
 * accepted socket's handle, not yet read from, gets a new Socket around it. Where a future Node does not have it so, reading stays as it is.
 */
export class SharedReads {
  /** One for all sockets: what is read is handed on before anything else is read. */
  readonly #buffer = Buffer.allocUnsafeSlow(64 * 1024);

  /**
   * @param accepted paused (`pauseOnConnect`)
   * @param received gets its own copy of what came
   * @returns the socket to use from now on; it flows
   */
  attach(accepted: Duplex, received: (chunk: Buffer) => void): Duplex {
    const socket = this.#adopt(accepted, received);
    if (socket === undefined) {
      accepted.on('data', received);
      accepted.resume();
      return accepted;
    }
    // Nothing comes as data, but the end does, and that only to who lets it flow.
    socket.resume();
    return socket;
  }

  #adopt(accepted: Duplex, received: (chunk: Buffer) => void): Socket | undefined {
    const { _handle: handle } = accepted as unknown as { _handle?: unknown };
    if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle)) return undefined;
    const callback = (size: number, buffer: Uint8Array): boolean => {
      const chunk = Buffer.allocUnsafe(size);
      chunk.set(size === buffer.length ? buffer : buffer.subarray(0, size));
      received(chunk);
      return true;
    };
    const options = { handle, onread: { buffer: this.#buffer, callback } };
    Object.assign(accepted, { _handle: null });
    return new Socket(options as ConstructorParameters<typeof Socket>[0]);
  }
}
