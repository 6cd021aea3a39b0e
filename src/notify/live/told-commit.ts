import type { Seq, UserId } from '../../commons/ids.js';
import { NotificationBatch } from '../../commons/notification-batch.js';
import { batchPayload, payloadOf } from '../payload.js';

/** Where a change comes from. */
export interface Origin {
  readonly seq: Seq;
  readonly backendPid: number;
}

/** What a commit was to a query, in the forms in which its sessions want it: each is made once. */
export class ToldCommit {
  readonly origin: Origin;
  readonly payloads: readonly string[];
  readonly #isShared: boolean;
  readonly #batches: { readonly user: UserId | undefined; readonly isOne: boolean; readonly batch: NotificationBatch }[] = [];

  /** @param isShared it may be told to several sessions */
  constructor(origin: Origin, payloads: readonly string[], isShared = false) {
    this.origin = origin;
    this.payloads = payloads;
    this.#isShared = isShared;
  }

  /** @param user named in payloads, for who listens for several @param isOne all changes in one payload */
  batch(channel: string, user: UserId | undefined, isOne: boolean): NotificationBatch {
    // Nearly always there is one form.
    for (const made of this.#batches) if (made.batch.channel === channel && made.isOne === isOne && made.user === user) return made.batch;
    const own = user === undefined ? this.payloads : this.payloads.map((payload) => payloadOf(user, payload));
    const batch = new NotificationBatch(this.origin.backendPid, channel, isOne ? [batchPayload(own)] : own, this.#isShared);
    this.#batches.push({ user, isOne, batch });
    return batch;
  }
}
