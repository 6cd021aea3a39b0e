import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';

/** Who a client has shown to be, beyond the role that it named. */
export interface Proof {
  /** As the method knows it: a role, a certificate's subject, a token's. */
  readonly identity: string | undefined;
  /** The end user for whom the session acts, and for nobody else. */
  readonly endUser?: string;
  /** When it holds no longer, in milliseconds since 1970. */
  readonly expiresMs?: number;
}

export type Verdict = Proof | 'more' | 'failed';

/** One client's way to show who it is: the server begins, and each of the client's answers is judged. */
export interface Exchange {
  begin(out: OutputBuffer): MaybePromise<Verdict>;
  /** @throws SqlError FATAL where the answer is no answer */
  answer(reader: MessageReader, out: OutputBuffer): MaybePromise<Verdict>;
}
