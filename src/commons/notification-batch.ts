/**
 * The notifications of one commit on one channel. Many clients may get the same ones: whoever writes them first keeps the bytes here for the
 * others.
 */
export class NotificationBatch {
  /** The backend whose commit it was. */
  readonly pid: number;
  readonly channel: string;
  readonly payloads: readonly string[];
  /** Characters of channels and payloads. */
  readonly length: number;
  /** More than one client may get it. */
  readonly isShared: boolean;
  /** As messages of the protocol, in UTF-8, where it is shared. */
  encoded: Uint8Array | undefined;

  constructor(pid: number, channel: string, payloads: readonly string[], isShared: boolean) {
    this.pid = pid;
    this.channel = channel;
    this.payloads = payloads;
    this.isShared = isShared;
    let length = channel.length * payloads.length;
    for (const payload of payloads) length += payload.length;
    this.length = length;
  }
}
