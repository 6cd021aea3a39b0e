/** The names that are in scope at a place of a body: PostgreSQL's plpgsql namespaces, a list from the innermost outwards. */
export type Names = NameItem | undefined;

export type NameItem =
  | { readonly kind: 'label'; readonly name: string; readonly of: 'block' | 'loop' | 'other'; readonly next: Names }
  | { readonly kind: 'scalar' | 'record'; readonly name: string; readonly number: number; readonly next: Names };

export interface FoundName {
  readonly kind: 'scalar' | 'record';
  readonly number: number;
  /** How many of the words are its name: 1, or 2 with its block's label in front. */
  readonly words: number;
}

/**
 * A variable by one to three words, of which the later ones may be fields of it. A scalar takes no field, so `a.b` is never the scalar a.
 * @param isLocal only the innermost block
 */
export function findName(names: Names, isLocal: boolean, first: string, second?: string, third?: string): FoundName | undefined {
  let level = names;
  while (level !== undefined) {
    let item: Names = level;
    for (; item !== undefined && item.kind !== 'label'; item = item.next) {
      if (item.name !== first) continue;
      if (second === undefined || item.kind === 'record') return { kind: item.kind, number: item.number, words: 1 };
    }
    if (item !== undefined && second !== undefined && item.name === first) {
      for (let inner: Names = level; inner !== undefined && inner.kind !== 'label'; inner = inner.next) {
        if (inner.name !== second) continue;
        if (third === undefined || inner.kind === 'record') return { kind: inner.kind, number: inner.number, words: 2 };
      }
    }
    if (isLocal) return undefined;
    level = item?.next;
  }
  return undefined;
}

export function findLabel(names: Names, label: string): (NameItem & { kind: 'label' }) | undefined {
  for (let item = names; item !== undefined; item = item.next) if (item.kind === 'label' && item.name === label) return item;
  return undefined;
}

/** Whether a loop is around here. */
export function isInLoop(names: Names): boolean {
  for (let item = names; item !== undefined; item = item.next) if (item.kind === 'label' && item.of === 'loop') return true;
  return false;
}
