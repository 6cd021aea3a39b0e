/** Why one transaction comes before another: Adya's dependencies, and that it had ended before the other began. */
export type EdgeKind = 'ww' | 'wr' | 'rw' | 'time';

export interface Edge {
  readonly to: number;
  readonly kind: EdgeKind;
}

/** A directed graph over numbered nodes, and the search for circles in it. */
export class Graph {
  readonly edges: Edge[][];

  constructor(nodes: number) {
    this.edges = Array.from({ length: nodes }, () => []);
  }

  add(from: number, to: number, kind: EdgeKind): void {
    if (from !== to) this.edges[from]?.push({ to, kind });
  }

  /** A short circle, as its nodes with the edge that leaves each; undefined when there is none. */
  findCycle(): readonly { readonly node: number; readonly kind: EdgeKind }[] | undefined {
    const component = this.#components();
    for (let start = 0; start < this.edges.length; start++) {
      const cycle = this.#cycleThrough(start, component);
      if (cycle !== undefined) return cycle;
    }
    return undefined;
  }

  /** Breadth first within the strongly connected component, so that it is as short as one through `start` can be. */
  #cycleThrough(start: number, component: readonly number[]): readonly { node: number; kind: EdgeKind }[] | undefined {
    const cameBy = new Map<number, { readonly from: number; readonly kind: EdgeKind }>();
    const queue = [start];
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at] ?? start;
      for (const { to, kind } of this.edges[node] ?? []) {
        if (component[to] !== component[start]) continue;
        if (to === start) {
          const path = [{ node, kind }];
          for (let step = cameBy.get(node); step !== undefined; step = cameBy.get(step.from))
            path.unshift({ node: step.from, kind: step.kind });
          return path;
        }
        if (cameBy.has(to)) continue;
        cameBy.set(to, { from: node, kind });
        queue.push(to);
      }
    }
    return undefined;
  }

  /** Tarjan's strongly connected components, without recursion: the number of each node's. */
  #components(): readonly number[] {
    const count = this.edges.length;
    const index = new Array<number>(count).fill(-1);
    const low = new Array<number>(count).fill(0);
    const component = new Array<number>(count).fill(-1);
    const stack: number[] = [];
    let nextIndex = 0;
    let nextComponent = 0;
    for (let root = 0; root < count; root++) {
      if (index[root] !== -1) continue;
      const work: { node: number; edge: number }[] = [{ node: root, edge: 0 }];
      index[root] = low[root] = nextIndex++;
      stack.push(root);
      for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
        const { node } = frame;
        const next = this.edges[node]?.[frame.edge++];
        if (next === undefined) {
          work.pop();
          const parent = work.at(-1)?.node;
          if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
          if (low[node] === index[node]) {
            for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
              component[member] = nextComponent;
              if (member === node) break;
            }
            nextComponent++;
          }
        } else if (index[next.to] === -1) {
          index[next.to] = low[next.to] = nextIndex++;
          stack.push(next.to);
          work.push({ node: next.to, edge: 0 });
        } else if (component[next.to] === -1) low[node] = Math.min(low[node] ?? 0, index[next.to] ?? 0);
      }
    }
    return component;
  }
}
