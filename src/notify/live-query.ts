import type { Catalog } from '../catalog/catalog.js';
import type { Seq, UserId } from '../commons/ids.js';
import type { RequiredPrivilege } from '../planner/bind/logical.js';
import type { Listener } from './listener.js';
import type { LiveGroup } from './live/live-group.js';
import { ToldCommit } from './live/told-commit.js';
import type { Subscriber } from './notifications.js';
import { resyncPayload } from './payload.js';
import type { RefreshedGroup } from './refresh/refreshed-group.js';

/** Payloads kept while the transaction of a LISTEN is open. */
const MAX_HELD = 1000;

/** The session that it is of. */
export interface QueryOwner {
  readonly catalog: Catalog;
  /** It is over, and not by the session's own doing. */
  ended(query: LiveQuery): void;
}

type LiveQueryOptions = Pick<
  LiveQuery,
  | 'id'
  | 'channel'
  | 'relationName'
  | 'queryText'
  | 'group'
  | 'namedUser'
  | 'subscriber'
  | 'owner'
  | 'listener'
  | 'privileges'
  | 'sinceMicros'
  | 'sinceSeq'
>;

/** What one session listens to under one name: a member of the group that keeps the query up to date, by changes or by running it again. */
export class LiveQuery {
  readonly id: number;
  readonly channel: string;
  /** The table or view, or a word for a query given as text. */
  readonly relationName: string;
  readonly queryText: string;
  readonly group: LiveGroup | RefreshedGroup;
  /** Where LISTEN has named the user: it goes on whoever the session acts for, and its payloads say whose they are. */
  readonly namedUser: UserId | undefined;
  readonly subscriber: Subscriber;
  readonly owner: QueryOwner;
  readonly listener: Listener;
  /** What the listener must be allowed. */
  readonly privileges: readonly RequiredPrivilege[];
  readonly sinceMicros: number;
  sinceSeq: Seq;
  notifications = 0;
  resyncs = 0;
  /** When what was sent last had been committed, and how long that took. */
  lagMicros = 0;
  /** Too slow: nothing is sent until the client has read most of what waits for it, the resync message at the end of it. */
  lagging = false;

  constructor(options: LiveQueryOptions) {
    this.id = options.id;
    this.channel = options.channel;
    this.relationName = options.relationName;
    this.queryText = options.queryText;
    this.group = options.group;
    this.namedUser = options.namedUser;
    this.subscriber = options.subscriber;
    this.owner = options.owner;
    this.listener = options.listener;
    this.privileges = options.privileges;
    this.sinceMicros = options.sinceMicros;
    this.sinceSeq = options.sinceSeq;
    this.#beginsAt = options.sinceSeq;
  }

  /** Whose rows it reads. */
  get user(): UserId {
    return this.group.user;
  }

  /** The newest commit that it may not have been told of, or not right. */
  #beginsAt: Seq;
  /** Commits of the time between LISTEN and its transaction's end; undefined once it delivers at once. */
  #held: ToldCommit[] | undefined;
  #heldCount = 0;

  /** Collects instead of sending, until `deliver`. */
  hold(): void {
    this.#held = [];
  }

  /** It is told of all later commits. */
  beginAt(seq: Seq): void {
    this.#beginsAt = seq;
    this.sinceSeq = seq;
  }

  /** The client has read the rows as of that commit itself. */
  readAt(seq: Seq): void {
    this.sinceSeq = seq;
  }

  /** Sends what was held and is newer than what the client has read itself, and from now on sends at once. */
  deliver(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (this.sinceSeq < this.#beginsAt) {
      // A snapshot from before LISTEN: of what came in between it was not told.
      this.resyncs++;
      this.send(new ToldCommit({ seq: this.#beginsAt, backendPid: this.subscriber.pid }, [resyncPayload(this.#beginsAt)]));
      return;
    }
    for (const commit of held) if (commit.origin.seq > this.sinceSeq) this.send(commit);
  }

  send(commit: ToldCommit): void {
    if (this.#held !== undefined) {
      this.#hold(commit, this.#held);
      return;
    }
    const { subscriber } = this;
    const batch = commit.batch(this.channel, this.namedUser, subscriber.wantsBatches);
    this.notifications += batch.payloads.length;
    subscriber.notify(batch);
  }

  /** A transaction that stays open for long ends up with one resync instead of a list without bound. */
  #hold(commit: ToldCommit, held: ToldCommit[]): void {
    if (this.#heldCount + commit.payloads.length <= MAX_HELD) {
      this.#heldCount += commit.payloads.length;
      held.push(commit);
      return;
    }
    this.resyncs++;
    held.length = 0;
    this.#heldCount = 1;
    held.push(new ToldCommit(commit.origin, [resyncPayload(commit.origin.seq)]));
  }
}
