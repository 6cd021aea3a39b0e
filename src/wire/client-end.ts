import type { Duplex } from 'node:stream';

/** The other end of a connection that was accepted. */
export interface ClientEnd {
  readonly stream: Duplex;
  /** Came by the Unix socket. */
  readonly isLocal: boolean;
  readonly address: string | undefined;
  readonly port: number | undefined;
  /** Of who connected by the Unix socket, where a rule asks for it. */
  readonly peerUid?: number | undefined;
  /** Whether the stream may be turned into TLS. */
  readonly takesTls: boolean;
  /** Told once it has shown who it is. */
  readonly entered?: (() => void) | undefined;
}
