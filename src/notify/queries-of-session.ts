import type { UserId } from '../commons/ids.js';
import type { LiveQuery } from './live-query.js';

/** The live queries of one session: of a channel, and a user where LISTEN names one, there is one at most. */
export class QueriesOfSession {
  readonly #byUser = new Map<UserId | undefined, Map<string, LiveQuery>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(channel: string, namedUser: UserId | undefined): LiveQuery | undefined {
    return this.#byUser.get(namedUser)?.get(channel);
  }

  /** @returns the one whose place it takes */
  add(query: LiveQuery): LiveQuery | undefined {
    const { channel, namedUser } = query;
    let byChannel = this.#byUser.get(namedUser);
    if (byChannel === undefined) {
      byChannel = new Map();
      this.#byUser.set(namedUser, byChannel);
    }
    const before = byChannel.get(channel);
    if (before === undefined) this.#size++;
    byChannel.set(channel, query);
    return before;
  }

  delete(query: LiveQuery): void {
    const { channel, namedUser } = query;
    const byChannel = this.#byUser.get(namedUser);
    if (byChannel?.get(channel) !== query) return;
    byChannel.delete(channel);
    this.#size--;
    if (byChannel.size === 0) this.#byUser.delete(namedUser);
  }

  /** Those of now: it may change meanwhile. */
  all(): readonly LiveQuery[] {
    return [...this.#byUser.values()].flatMap((byChannel) => [...byChannel.values()]);
  }
}
