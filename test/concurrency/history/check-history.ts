import { type EdgeKind, Graph } from './graph.js';
import type { FinalLists, HistoryTransaction, Level } from './history.js';

/**
 * Whether a history of appends and reads of lists could have happened at an isolation level. A list shows the order of its own versions, so
 * every dependency between transactions follows from what was read (Kingsbury and Alvaro, "Elle"; Adya's G0, G1, G-single, G2-item):
 *
 *   ww  the one's value stands right before the other's
 *   wr  the other read a list that ended with the one's value
 *   rw  the one read a list that ended right before the other's value
 *   time  the one was acknowledged before the other began
 *
 * READ COMMITTED forbids circles of ww, wr and time; REPEATABLE READ (snapshot isolation) also those with rw where no two rw follow each
 * other; SERIALIZABLE all.
 * @returns what is wrong, in words; empty when nothing is
 */
export function checkHistory(transactions: readonly HistoryTransaction[], final: FinalLists, level: Level): readonly string[] {
  const check = new HistoryCheck(transactions, final, level);
  return check.run();
}

/** Problems described before it stops looking. */
const MAX_PROBLEMS = 10;

class HistoryCheck {
  readonly #transactions: readonly HistoryTransaction[];
  readonly #final: FinalLists;
  readonly #level: Level;
  readonly #problems: string[] = [];
  /** By value: who appended it. */
  readonly #writers = new Map<number, HistoryTransaction>();
  /** Those that took effect, whether they were told so or not. */
  #effective: readonly HistoryTransaction[] = [];

  constructor(transactions: readonly HistoryTransaction[], final: FinalLists, level: Level) {
    this.#transactions = transactions;
    this.#final = final;
    this.#level = level;
  }

  run(): readonly string[] {
    for (const transaction of this.#transactions) {
      for (const operation of transaction.operations) if (operation.kind === 'append') this.#writers.set(operation.value, transaction);
    }
    const present = this.#checkFinal();
    this.#effective = this.#transactions.filter((transaction) => this.#tookEffect(transaction, present));
    for (const transaction of this.#effective) this.#checkReads(transaction);
    this.#checkCycles();
    return this.#problems.slice(0, MAX_PROBLEMS);
  }

  /** Values that are there, each once; every acknowledged one is. */
  #checkFinal(): ReadonlySet<number> {
    const present = new Set<number>();
    for (const [key, values] of this.#final) {
      for (const value of values) {
        if (present.has(value)) this.#problems.push(`value ${value} is there twice, in list ${key}`);
        present.add(value);
        const writer = this.#writers.get(value);
        if (writer === undefined) this.#problems.push(`value ${value} in list ${key} was appended by nobody`);
        else if (writer.outcome === 'aborted') this.#problems.push(`list ${key} has ${value} of ${writer.name}, which was aborted`);
      }
    }
    return present;
  }

  #tookEffect(transaction: HistoryTransaction, present: ReadonlySet<number>): boolean {
    const appended = transaction.operations.flatMap((operation) => (operation.kind === 'append' ? [operation.value] : []));
    const missing = appended.filter((value) => !present.has(value));
    if (transaction.outcome === 'committed') {
      if (missing.length > 0) this.#problems.push(`${transaction.name} was acknowledged, but ${missing.join()} is lost`);
      return true;
    }
    if (transaction.outcome === 'aborted' || appended.length === 0 || missing.length === appended.length) return false;
    if (missing.length > 0) this.#problems.push(`half of ${transaction.name} is there: ${missing.join()} is missing`);
    return true;
  }

  /** Each read is a beginning of the final list, of whole transactions that took effect, and shows one's own appends. */
  #checkReads(transaction: HistoryTransaction): void {
    const own = new Map<number, number[]>();
    const before = new Map<number, readonly number[]>();
    for (const operation of transaction.operations) {
      const mine = own.get(operation.key) ?? [];
      if (operation.kind === 'append') {
        own.set(operation.key, [...mine, operation.value]);
        continue;
      }
      const { key, values } = operation;
      const final = this.#final.get(key) ?? [];
      if (values.some((value, i) => final[i] !== value)) {
        this.#problems.push(`${transaction.name} read list ${key} as [${tail(values)}], which is no beginning of [${tail(final)}]`);
      }
      const last = values.slice(values.length - mine.length);
      if (last.join() !== mine.join())
        this.#problems.push(`${transaction.name} read list ${key} as [${tail(values)}] without its own ${mine.join()}`);
      if (mine.length === 0) this.#checkIntermediate(transaction, key, values);
      const earlier = before.get(key);
      if (
        earlier !== undefined &&
        this.#level !== 'READ COMMITTED' &&
        values.slice(0, values.length - mine.length).join() !== earlier.join()
      ) {
        this.#problems.push(`${transaction.name} read list ${key} as [${tail(earlier)}] and then as [${tail(values)}]`);
      }
      if (mine.length === 0) before.set(key, values);
    }
  }

  /** G1b: a list that ends amid another's appends. */
  #checkIntermediate(reader: HistoryTransaction, key: number, values: readonly number[]): void {
    const writer = this.#writers.get(values.at(-1) ?? -1);
    if (writer === undefined || writer === reader) return;
    for (const operation of writer.operations) {
      if (operation.kind === 'append' && operation.key === key && !values.includes(operation.value)) {
        this.#problems.push(`${reader.name} read list ${key} before ${writer.name} appended ${operation.value} to it, in its midst`);
      }
    }
  }

  #checkCycles(): void {
    const numbers = new Map(this.#effective.map((transaction, i) => [transaction, i]));
    const edges = this.#dependencies(numbers);
    const { length } = this.#effective;
    // Time is a chain of nodes of its own; under REPEATABLE READ there is a second copy of each node, for "came here by rw".
    const timeline = this.#timeline();
    const graph = new Graph(length * 2 + timeline.count);
    for (const { from, to, kind } of edges) {
      if (kind !== 'rw') {
        graph.add(from, to, kind);
        graph.add(from + length, to, kind);
      } else if (this.#level === 'SERIALIZABLE') graph.add(from, to, kind);
      else if (this.#level === 'REPEATABLE READ') graph.add(from, to + length, kind);
    }
    const time = (node: number) => length * 2 + node;
    for (let node = 1; node < timeline.count; node++) graph.add(time(node - 1), time(node), 'time');
    for (const [i, { ended, began }] of timeline.places.entries()) {
      graph.add(time(began), i, 'time');
      if (ended === undefined) continue;
      graph.add(i, time(ended), 'time');
      graph.add(i + length, time(ended), 'time');
    }
    const cycle = graph.findCycle();
    if (cycle === undefined) return;
    const steps = cycle.flatMap(({ node, kind }) =>
      node >= length * 2 ? [] : [`${this.#effective[node % length]?.name ?? ''} -${kind}->`],
    );
    this.#problems.push(`${this.#level} forbids this circle: ${steps.join(' ')}\n${this.#describe(cycle.map(({ node }) => node))}`);
  }

  #dependencies(numbers: ReadonlyMap<HistoryTransaction, number>): { from: number; to: number; kind: EdgeKind }[] {
    const edges: { from: number; to: number; kind: EdgeKind }[] = [];
    const add = (from: HistoryTransaction | undefined, to: HistoryTransaction | undefined, kind: EdgeKind): void => {
      const a = from === undefined ? undefined : numbers.get(from);
      const b = to === undefined ? undefined : numbers.get(to);
      if (a !== undefined && b !== undefined && a !== b) edges.push({ from: a, to: b, kind });
    };
    const writerAt = (key: number, i: number) => this.#writers.get(this.#final.get(key)?.[i] ?? -1);
    for (const [key, values] of this.#final) {
      for (let i = 1; i < values.length; i++) add(writerAt(key, i - 1), writerAt(key, i), 'ww');
    }
    for (const transaction of this.#effective) {
      const written = new Set<number>();
      for (const operation of transaction.operations) {
        if (operation.kind === 'append') written.add(operation.key);
        else if (!written.has(operation.key)) {
          const { key, values } = operation;
          add(writerAt(key, values.length - 1), transaction, 'wr');
          add(transaction, writerAt(key, values.length), 'rw');
        }
      }
    }
    return edges;
  }

  /** Moments in order, and where each transaction begins and ends among them. */
  #timeline(): { readonly count: number; readonly places: readonly { began: number; ended: number | undefined }[] } {
    const moments = [...new Set(this.#effective.map(({ began }) => began))].sort((a, b) => a - b);
    const firstAfter = (moment: number): number | undefined => {
      let low = 0;
      let high = moments.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((moments[middle] ?? 0) > moment) high = middle;
        else low = middle + 1;
      }
      return low < moments.length ? low : undefined;
    };
    const position = new Map(moments.map((moment, i) => [moment, i]));
    const places = this.#effective.map(({ began, ended, outcome }) => ({
      began: position.get(began) ?? 0,
      ended: outcome === 'committed' ? firstAfter(ended) : undefined,
    }));
    return { count: moments.length, places };
  }

  #describe(nodes: readonly number[]): string {
    const { length } = this.#effective;
    const shown = new Set(nodes.filter((node) => node < length * 2).map((node) => this.#effective[node % length]));
    return [...shown]
      .map((transaction) => {
        const operations = transaction?.operations.map((operation) =>
          operation.kind === 'append'
            ? `append(${operation.key}, ${operation.value})`
            : `read(${operation.key}) = [${tail(operation.values)}]`,
        );
        return `  ${transaction?.name}: ${operations?.join(' ')}`;
      })
      .join('\n');
  }
}

function tail(values: readonly number[]): string {
  return values.length <= 6 ? values.join() : `…,${values.slice(-6).join()}`;
}
