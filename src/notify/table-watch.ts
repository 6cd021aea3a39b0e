import type { TableDescriptor } from '../catalog/descriptors.js';
import type { UserId } from '../commons/ids.js';
import { KeyReader } from '../store/key-reader.js';
import type { LiveGroup } from './live/live-group.js';
import { RowVersions } from './row-version.js';

const NOBODY: ReadonlySet<LiveGroup> = new Set();

/** Who is told of the rows of one user or stream table, by user: a changed row is offered to its own user's queries only. */
export class TableWatch {
  readonly table: TableDescriptor;
  readonly #byUser = new Map<UserId, Set<LiveGroup>>();
  readonly #keys = new KeyReader();
  readonly versions: RowVersions;

  constructor(table: TableDescriptor) {
    this.table = table;
    this.versions = new RowVersions(table);
  }

  add(group: LiveGroup): void {
    const groups = this.#byUser.get(group.user);
    if (groups === undefined) this.#byUser.set(group.user, new Set([group]));
    else groups.add(group);
  }

  remove(group: LiveGroup): void {
    const groups = this.#byUser.get(group.user);
    groups?.delete(group);
    if (groups?.size === 0) this.#byUser.delete(group.user);
  }

  get isEmpty(): boolean {
    return this.#byUser.size === 0;
  }

  /** The queries of the user that a row's key is led by. */
  groupsOf(key: Uint8Array): ReadonlySet<LiveGroup> {
    this.#keys.over(key);
    return this.#byUser.get(this.#keys.text() as UserId) ?? NOBODY;
  }
}
