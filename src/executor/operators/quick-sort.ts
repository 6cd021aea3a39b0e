/** Below that many elements insertion is faster. */
const FEW = 7;
/** Above that many, the pivot is the median of nine. */
const MANY = 40;

// Places within the range are always filled; the hottest loop of sorting does without asking.
type Compare<T> = (a: T, b: T) => number;

/**
 * Sorts in place as PostgreSQL does (Bentley and McIlroy, "Engineering a Sort Function"), so that rows that compare alike come in the same
 * order as there. Where that goes badly, which only made-up input does, the language's own sort takes over.
 */
export function quickSort<T>(items: T[], compare: Compare<T>): T[] {
  sortRange(items, 0, items.length, compare, 2 * Math.ceil(Math.log2(items.length + 1)));
  return items;
}

function sortRange<T>(items: T[], from: number, count: number, compare: Compare<T>, deepest: number): void {
  let a = from;
  let n = count;
  for (let depth = deepest; ; depth--) {
    if (n < FEW) {
      insertionSort(items, a, n, compare);
      return;
    }
    if (isSorted(items, a, n, compare)) return;
    if (depth < 0) {
      const rest = items.slice(a, a + n).sort(compare);
      for (let i = 0; i < n; i++) items[a + i] = rest[i] as T;
      return;
    }
    swap(items, a, pivotOf(items, a, n, compare));
    const pivot = items[a] as T;
    let pa = a + 1;
    let pb = a + 1;
    let pc = a + n - 1;
    let pd = a + n - 1;
    for (;;) {
      for (; pb <= pc; pb++) {
        const order = compare(items[pb] as T, pivot);
        if (order > 0) break;
        if (order === 0) swap(items, pa++, pb);
      }
      for (; pb <= pc; pc--) {
        const order = compare(items[pc] as T, pivot);
        if (order < 0) break;
        if (order === 0) swap(items, pc, pd--);
      }
      if (pb > pc) break;
      swap(items, pb++, pc--);
    }
    const end = a + n;
    swapRuns(items, a, pb, Math.min(pa - a, pb - pa));
    swapRuns(items, pb, end, Math.min(pd - pc, end - pd - 1));
    const smaller = pb - pa;
    const larger = pd - pc;
    if (smaller <= larger) {
      if (smaller > 1) sortRange(items, a, smaller, compare, depth - 1);
      if (larger <= 1) return;
      a = end - larger;
      n = larger;
    } else {
      if (larger > 1) sortRange(items, end - larger, larger, compare, depth - 1);
      if (smaller <= 1) return;
      n = smaller;
    }
  }
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
