/** Below that many elements insertion is faster. */
const FEW = 7;
/** Above that many, the pivot is the median of nine. */
const MANY = 40;

// Places within the range are always filled; the hottest loop of sorting does without asking.
type Compare<T> = (a: T, b: T) => number;

/** Ranges up to this size are sorted without a pause. */
const AT_ONCE = 8192;

/**
 * Sorts in place as PostgreSQL does (Bentley and McIlroy, "Engineering a Sort Function"), so that rows that compare alike come in the same
 * order as there. Where that goes badly, which only made-up input does, the language's own sort takes over. Yields now and then, so that
 * others may have their turn.
 */
export function* quickSort<T>(items: T[], compare: Compare<T>): Generator<void, void, void> {
  const deepest = 2 * Math.ceil(Math.log2(items.length + 1));
  yield* sortLarge(items, 0, items.length, compare, deepest, new Partition());
}

/** The state of dividing a range around its first element: equal ones gather at both ends. */
class Partition {
  pa = 0;
  pb = 0;
  pc = 0;
  pd = 0;

  begin(a: number, n: number): void {
    this.pa = a + 1;
    this.pb = a + 1;
    this.pc = a + n - 1;
    this.pd = a + n - 1;
  }

  /** @param limit comparisons to do @returns whether it is done */
  run<T>(items: T[], a: number, compare: Compare<T>, limit: number): boolean {
    const pivot = items[a] as T;
    let { pa, pb, pc, pd } = this;
    let left = limit;
    for (;;) {
      for (; pb <= pc && left > 0; pb++) {
        left--;
        const order = compare(items[pb] as T, pivot);
        if (order > 0) break;
        if (order === 0) swap(items, pa++, pb);
      }
      for (; pb <= pc && left > 0; pc--) {
        left--;
        const order = compare(items[pc] as T, pivot);
        if (order < 0) break;
        if (order === 0) swap(items, pc, pd--);
      }
      if (pb > pc || left <= 0) break;
      swap(items, pb++, pc--);
    }
    this.pa = pa;
    this.pb = pb;
    this.pc = pc;
    this.pd = pd;
    return pb > pc;
  }

  /** Brings the equal ones to the middle. */
  finish<T>(items: T[], a: number, n: number): void {
    const { pa, pb, pc, pd } = this;
    const end = a + n;
    swapRuns(items, a, pb, Math.min(pa - a, pb - pa));
    swapRuns(items, pb, end, Math.min(pd - pc, end - pd - 1));
  }
}

function sortRange<T>(items: T[], from: number, count: number, compare: Compare<T>, deepest: number, partition: Partition): void {
  let a = from;
  let n = count;
  for (let depth = deepest; ; depth--) {
    if (n < FEW) {
      insertionSort(items, a, n, compare);
      return;
    }
    if (isSorted(items, a, n, compare)) return;
    if (depth < 0) {
      sortAnyhow(items, a, n, compare);
      return;
    }
    swap(items, a, pivotOf(items, a, n, compare));
    partition.begin(a, n);
    partition.run(items, a, compare, Number.POSITIVE_INFINITY);
    partition.finish(items, a, n);
    const smaller = partition.pb - partition.pa;
    const larger = partition.pd - partition.pc;
    const end = a + n;
    if (smaller <= larger) {
      if (smaller > 1) sortRange(items, a, smaller, compare, depth - 1, partition);
      if (larger <= 1) return;
      a = end - larger;
      n = larger;
    } else {
      if (larger > 1) sortRange(items, end - larger, larger, compare, depth - 1, partition);
      if (smaller <= 1) return;
      n = smaller;
    }
  }
}

function* sortLarge<T>(
  items: T[],
  a: number,
  n: number,
  compare: Compare<T>,
  depth: number,
  partition: Partition,
): Generator<void, void, void> {
  if (n <= AT_ONCE || depth < 0) {
    sortRange(items, a, n, compare, depth, partition);
    yield;
    return;
  }
  let isInOrder = true;
  for (let at = a; at < a + n && isInOrder; at += AT_ONCE) {
    isInOrder = isSorted(items, at, Math.min(AT_ONCE + 1, a + n - at), compare);
    yield;
  }
  if (isInOrder) return;
  swap(items, a, pivotOf(items, a, n, compare));
  partition.begin(a, n);
  while (!partition.run(items, a, compare, AT_ONCE)) yield;
  partition.finish(items, a, n);
  const smaller = partition.pb - partition.pa;
  const larger = partition.pd - partition.pc;
  yield* sortLarge(items, a, smaller, compare, depth - 1, partition);
  yield* sortLarge(items, a + n - larger, larger, compare, depth - 1, partition);
}

function sortAnyhow<T>(items: T[], a: number, n: number, compare: Compare<T>): void {
  const sorted = items.slice(a, a + n).sort(compare);
  for (let i = 0; i < n; i++) items[a + i] = sorted[i] as T;
}

function insertionSort<T>(items: T[], a: number, n: number, compare: Compare<T>): void {
  for (let i = a + 1; i < a + n; i++) {
    const item = items[i] as T;
    let at = i;
    for (; at > a && compare(items[at - 1] as T, item) > 0; at--) items[at] = items[at - 1] as T;
    items[at] = item;
  }
}

function isSorted<T>(items: T[], a: number, n: number, compare: Compare<T>): boolean {
  for (let i = a + 1; i < a + n; i++) if (compare(items[i - 1] as T, items[i] as T) > 0) return false;
  return true;
}

function pivotOf<T>(items: T[], a: number, n: number, compare: Compare<T>): number {
  const middle = a + Math.floor(n / 2);
  if (n === FEW) return middle;
  const last = a + n - 1;
  if (n <= MANY) return median(items, a, middle, last, compare);
  const d = Math.floor(n / 8);
  return median(
    items,
    median(items, a, a + d, a + 2 * d, compare),
    median(items, middle - d, middle, middle + d, compare),
    median(items, last - 2 * d, last - d, last, compare),
    compare,
  );
}

function median<T>(items: T[], a: number, b: number, c: number, compare: Compare<T>): number {
  const [x, y, z] = [items[a] as T, items[b] as T, items[c] as T];
  if (compare(x, y) < 0) return compare(y, z) < 0 ? b : compare(x, z) < 0 ? c : a;
  return compare(y, z) > 0 ? b : compare(x, z) < 0 ? a : c;
}

function swap<T>(items: T[], a: number, b: number): void {
  const item = items[a] as T;
  items[a] = items[b] as T;
  items[b] = item;
}

/** Exchanges the `count` elements from `a` on with those before `end`. */
function swapRuns<T>(items: T[], a: number, end: number, count: number): void {
  for (let i = 0; i < count; i++) swap(items, a + i, end - count + i);
}
