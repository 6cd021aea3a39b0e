import type { Catalog, CatalogSnapshot } from '../catalog/catalog.js';
import type { StorageId, UserId } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import type { TableAccess } from '../executor/access/table-access.js';
import type { InterruptCheck } from '../executor/context.js';
import type { Space } from '../store/store.js';
import type { TransactionManager } from '../transaction/transaction.js';
import { toJsonText } from '../types/json/to-json.js';
import type { SqlValue } from '../types/value.js';
import { fillGroup, YieldingInterrupt } from './fill-group.js';
import { LiveGroup } from './live/live-group.js';
import type { LiveProgram } from './live/live-program.js';
import type { ToldCommit } from './live/told-commit.js';
import { TableWatch } from './table-watch.js';

export interface LiveGroupsOptions {
  readonly transactions: TransactionManager;
  readonly access: TableAccess;
  /** Bytes that one live query may remember. */
  readonly maxLiveQueryBytes: number;
  /** What was committed while a group was filled. */
  readonly caughtUp: (group: LiveGroup, commits: readonly ToldCommit[]) => void;
}

/** Who asks for the same of the same rows has it with all others who do. */
interface Groups {
  readonly catalog: Catalog;
  /** By user and parameters. */
  readonly byUser: Map<string, LiveGroup>;
}

/** All live queries of a server that are kept up by changes: by what they are, and by whose rows they read. */
export class LiveGroups {
  readonly #options: LiveGroupsOptions;
  readonly #programs = new Map<LiveProgram, Groups>();
  readonly #watches = new Map<StorageId, TableWatch>();
  /** Groups that are being filled, and when they are. */
  readonly #filling = new Map<LiveGroup, Promise<void>>();
  /** Space number → storage whose rows it holds; 0 for spaces that nobody can listen to. */
  readonly #storageOfSpace: StorageId[] = [];

  constructor(options: LiveGroupsOptions) {
    this.#options = options;
  }

  /** The programs of a catalog that somebody listens to. */
  *programsOf(catalog: Catalog): Iterable<LiveProgram> {
    for (const [program, groups] of this.#programs) if (groups.catalog === catalog) yield program;
  }

  groupsOf(program: LiveProgram): readonly LiveGroup[] {
    return [...(this.#programs.get(program)?.byUser.values() ?? [])];
  }

  /** The group that keeps a query up to date for a user, made by the first who asks. Nothing that commits from now on is missed. */
  groupOf(program: LiveProgram, catalog: Catalog, user: UserId, parameters: readonly SqlValue[]): LiveGroup {
    let groups = this.#programs.get(program);
    if (groups === undefined) {
      groups = { catalog, byUser: new Map() };
      this.#programs.set(program, groups);
    }
    const key = keyOf(program, user, parameters);
    let group = groups.byUser.get(key);
    if (group === undefined) {
      group = new LiveGroup(program, user, parameters, this.#options.maxLiveQueryBytes);
      groups.byUser.set(key, group);
      this.#watch(group);
    }
    return group;
  }

  /** A group of nobody's is forgotten. */
  release(group: LiveGroup): void {
    if (group.members.size > 0) return;
    if (this.#isKnown(group)) this.#forget(group);
    this.#unwatch(group);
  }

  #forget({ program, user, parameters }: LiveGroup): void {
    const groups = this.#programs.get(program);
    groups?.byUser.delete(keyOf(program, user, parameters));
    if (groups?.byUser.size === 0) this.#programs.delete(program);
  }

  #isKnown(group: LiveGroup): boolean {
    const { program, user, parameters } = group;
    return this.#programs.get(program)?.byUser.get(keyOf(program, user, parameters)) === group;
  }

  /** Reads what a group has to remember; at once where it has been read, or there is nothing. Fails with the statement that first asked. */
  filled(group: LiveGroup, interrupt: InterruptCheck): Promise<void> | undefined {
    const filling = this.#filling.get(group);
    if (filling !== undefined) return filling;
    if (group.isFilled) return undefined;
    return this.#fill(group, interrupt);
  }

  #fill(group: LiveGroup, interrupt: InterruptCheck): Promise<void> {
    const read = fillGroup(group, this.#options, interrupt).then((commits) => this.#options.caughtUp(group, commits));
    const filling = read.finally(() => {
      this.#filling.delete(group);
      // What could not be filled is nobody's to join.
      if (!group.isFilled && this.#isKnown(group)) this.#forget(group);
    });
    this.#filling.set(group, filling);
    return filling;
  }

  /** TRUNCATE gives tables new storage: the same queries go on over it, from what is left. @param failed called for groups that can't */
  truncated(program: LiveProgram, now: CatalogSnapshot, failed: (group: LiveGroup, error: unknown) => void): void {
    const groups = this.groupsOf(program);
    for (const group of groups) this.#unwatch(group);
    program.over(now);
    for (const group of groups) {
      this.#watch(group);
      if (!program.isStateful) continue;
      group.beginFilling();
      this.#fill(group, new YieldingInterrupt()).catch((error: unknown) => failed(group, error));
    }
  }

  #watch(group: LiveGroup): void {
    for (const table of group.program.watched) {
      let watch = this.#watches.get(table.storage);
      if (watch === undefined) {
        watch = new TableWatch(table);
        this.#watches.set(table.storage, watch);
      }
      watch.add(group);
    }
  }

  #unwatch(group: LiveGroup): void {
    for (const { storage } of group.program.watched) {
      const watch = this.#watches.get(storage);
      watch?.remove(group);
      if (watch?.isEmpty === true) this.#watches.delete(storage);
    }
  }

  /** Who is told of the rows of a space; undefined: nobody. */
  watchOf(space: Space): TableWatch | undefined {
    if (this.#watches.size === 0) return undefined;
    let storage = this.#storageOfSpace[space.id];
    if (storage === undefined) {
      const parsed = SpaceName.parse(space.name);
      storage = parsed?.kind === 'user' || parsed?.kind === 'stream' ? parsed.storage : (0 as StorageId);
      this.#storageOfSpace[space.id] = storage;
    }
    return storage === 0 ? undefined : this.#watches.get(storage);
  }
}

/** Parameters count by how they are written: what compares alike may look different. */
function keyOf({ parts }: LiveProgram, user: UserId, values: readonly SqlValue[]): string {
  if (values.length === 0) return user;
  const texts = values.map((value, i) => (value === null ? '' : toJsonText(value, parts.parameters[i]?.type ?? 0, parts.format)));
  return JSON.stringify([user, ...texts]);
}
